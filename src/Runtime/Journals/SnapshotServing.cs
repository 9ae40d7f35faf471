using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Answers other replicas that fetch this one's newest snapshot; <see cref="SnapshotFetching"/> is their side. Guarantee: what it offers was
/// verified to its last byte before its first part left; what became of the bytes since, the fetcher verifies. One caller at a time, on any
/// thread; it remembers nothing of those who ask.
/// </summary>
/// <param name="snapshots">What there is.</param>
/// <param name="report">Is told of each damaged snapshot that was passed over.</param>
public sealed class SnapshotServing(SnapshotDirectory snapshots, Action<string> report)
{
    /// <summary>Most bytes in one answer: what is on its way to a slow fetcher delays the journal's own messages by no more than this.</summary>
    public const int PartBytesMax = 1 << 20;

    private byte[] _part = [];
    private SequenceNumber _newest;
    private SequenceNumber _verified;

    /// <summary>
    /// The part that is asked for. If its snapshot is not held any more: the first part of the newest, so that the fetcher begins anew; if there
    /// is none at all, a part of position zero. The bytes are valid until the next call.
    /// </summary>
    /// <remarks>Reads up to 1 MiB; and, when somebody begins, the whole of the newest snapshot.</remarks>
    /// <exception cref="JournalRefusedException">A newer program wrote the newest snapshot.</exception>
    public SnapshotPart Answer(FetchSnapshot request)
    {
        _part = _part.Length == 0 ? new byte[PartBytesMax] : _part;
        var (position, offset) = (request.Position, request.Offset);
        while (true)
        {
            if (position == SequenceNumber.None)
            {
                position = FindNewest();
            }

            if (position == SequenceNumber.None)
            {
                return new SnapshotPart(SequenceNumber.None, 0, 0, default);
            }

            try
            {
                var read = snapshots.ReadPart(position, offset, _part, out var fileBytes);
                if (position == _verified && offset + (ulong)read >= fileBytes)
                {
                    // Whoever begins after a whole transfer finds it verified anew: bytes that decay are not offered for ever.
                    _verified = SequenceNumber.None;
                }

                return new SnapshotPart(position, offset, fileBytes, _part.AsMemory(0, read));
            }
            catch (SnapshotNotHeldException)
            {
                // It was deleted because newer ones are there, also if that was a moment ago.
                (position, offset) = (SequenceNumber.None, 0);
            }
        }
    }

    // A fetcher repeats its first request when verifying takes long, so that a second verification would follow on the first.
    private SequenceNumber FindNewest()
    {
        var newest = snapshots.List() is [var first, ..] ? first : SequenceNumber.None;
        if (_verified == SequenceNumber.None || newest != _newest)
        {
            _newest = newest;
            _verified = snapshots.FindNewest(report)?.Applied.Last ?? SequenceNumber.None;
        }

        return _verified;
    }
}
