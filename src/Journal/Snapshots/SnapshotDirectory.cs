using System.Globalization;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Snapshots;

/// <summary>
/// The snapshots of one replica: <c>snapshots/&lt;seq&gt;</c>. Reading never changes anything: a damaged snapshot is
/// reported and left for the operator, and the next older one is used.
/// </summary>
public sealed class SnapshotDirectory(IDisk disk, string path, JournalId journal)
{
    /// <summary>How many of the newest whole snapshots <see cref="DeleteOld"/> keeps.</summary>
    public const int Kept = 2;

    internal const string UnfinishedSuffix = ".unfinished";

    /// <summary>Positions of the snapshots, newest first; not verified.</summary>
    public IReadOnlyList<SequenceNumber> List() =>
    [
        .. disk.List(path)
            .Where(name => ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(name => new SequenceNumber(ulong.Parse(name, CultureInfo.InvariantCulture)))
            .OrderDescending(),
    ];

    /// <summary>The newest snapshot whose every byte is verified, or null.</summary>
    /// <param name="report">Receives a line for each damaged one.</param>
    /// <exception cref="JournalRefusedException">There is one of a newer format, before any that is whole.</exception>
    public SnapshotHeader? FindNewest(Action<string> report) => FindWhole(report).Select(header => (SnapshotHeader?)header).FirstOrDefault();

    /// <summary>The newest whole snapshot of a state at or before <paramref name="position"/>, or null.</summary>
    public SnapshotHeader? FindNewest(SequenceNumber position, Action<string> report) =>
        FindWhole(report).Where(header => header.Applied.Last <= position).Select(header => (SnapshotHeader?)header).FirstOrDefault();

    /// <summary>Opens the snapshot at <paramref name="applied"/>.</summary>
    public SnapshotReader Open(SequenceNumber applied)
    {
        var reader = SnapshotReader.Open(disk, FilePath(applied));
        if (Misplaced(reader.Header, applied) is { } error)
        {
            reader.Dispose();
            throw new SnapshotDamagedException(FilePath(applied), error);
        }

        return reader;
    }

    /// <summary>The header of the snapshot at <paramref name="position"/>, verified; null if there is none or it is damaged. The payload is not looked at.</summary>
    public SnapshotHeader? TryReadHeader(SequenceNumber position)
    {
        if (!disk.FileExists(FilePath(position)))
        {
            return null;
        }

        try
        {
            using var reader = Open(position);
            return reader.Header;
        }
        catch (SnapshotDamagedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads bytes of a snapshot's file as they lie on disk, header included, for another replica, which verifies the whole. Returns how
    /// many; fewer than asked at the end of the file. Any thread.
    /// </summary>
    /// <param name="position">Of a whole snapshot (<see cref="FindNewest(Action{string})"/>); it may have been deleted since.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Filled as far as the file goes.</param>
    /// <param name="fileBytes">Length of the file.</param>
    /// <exception cref="SnapshotNotHeldException">There is no snapshot at the position any more.</exception>
    public int ReadPart(SequenceNumber position, ulong offset, Span<byte> destination, out ulong fileBytes)
    {
        using var file = OpenFile(position);
        fileBytes = (ulong)file.Length;
        return offset >= fileBytes ? 0 : file.Read((long)offset, destination);
    }

    /// <summary>Begins to receive the snapshot at <paramref name="position"/> from another replica; what was received of it before is forgotten.</summary>
    /// <param name="position">The last position that it covers.</param>
    /// <param name="fileBytes">Length of the whole file, as the sender says.</param>
    public SnapshotReceiver Receive(SequenceNumber position, ulong fileBytes) => new(disk, path, journal, position, fileBytes);

    /// <summary>Begins a snapshot of the state behind <paramref name="applied"/>.</summary>
    public SnapshotWriter Begin(JournalEnd applied, UInt128 stateHash) =>
        new(disk, path, new SnapshotHeader(journal, applied, stateHash));

    /// <summary>Deletes all but the newest two whole snapshots, and damaged ones older than those.</summary>
    public void DeleteOld(Action<string> report)
    {
        var kept = FindWhole(report).Take(Kept).ToArray();
        if (kept.Length < Kept)
        {
            return;
        }

        var old = List().Where(applied => applied < kept[^1].Applied.Last).ToArray();
        foreach (var applied in old)
        {
            disk.DeleteFile(FilePath(applied));
        }

        if (old.Length > 0)
        {
            disk.SyncDirectory(path);
        }
    }

    /// <summary>Removes what an interrupted writer left.</summary>
    internal void DeleteUnfinished()
    {
        foreach (var name in disk.List(path).Where(name => name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal)))
        {
            disk.DeleteFile(Path.Combine(path, name));
        }
    }

    private IEnumerable<SnapshotHeader> FindWhole(Action<string> report)
    {
        foreach (var applied in List())
        {
            SnapshotHeader? whole = null;
            try
            {
                using var reader = Open(applied);
                reader.VerifyAll();
                whole = reader.Header;
            }
            catch (SnapshotDamagedException newer) when (newer.IsNewerFormat)
            {
                throw new JournalRefusedException(RefusalReason.NewerFormat, newer.Message);
            }
            catch (SnapshotDamagedException damage)
            {
                report($"{damage.Message} The next older snapshot is used.");
            }

            if (whole is { } header)
            {
                yield return header;
            }
        }
    }

    private IDiskFile OpenFile(SequenceNumber position)
    {
        try
        {
            return disk.Open(FilePath(position), writable: false);
        }
        catch (StorageFaultException) when (!disk.FileExists(FilePath(position)))
        {
            throw new SnapshotNotHeldException(position);
        }
    }

    private string? Misplaced(in SnapshotHeader header, SequenceNumber applied) =>
        header.Journal != journal ? $"it is of journal {header.Journal}"
        : header.Applied.Last != applied ? $"it is of position {header.Applied.Last}"
        : null;

    private string FilePath(SequenceNumber applied) => Path.Combine(path, applied.ToString());
}
