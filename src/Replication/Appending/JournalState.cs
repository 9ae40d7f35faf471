using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Appending;

/// <summary>
/// What the journal's own entries say about the journal: its fence, and what its clients appended lately. A function of the
/// entries in order; every writer rebuilds it before its first append.
/// </summary>
public sealed class JournalState
{
    private SequenceNumber _appendFirst;
    private ulong _appendHash;

    /// <summary>The state of an empty journal.</summary>
    public JournalState()
        : this(SequenceNumber.None, default, default, new RememberedAppends())
    {
    }

    private JournalState(SequenceNumber applied, JournalFence fence, JournalTime time, RememberedAppends appends)
    {
        Applied = applied;
        Fence = fence;
        LastTime = time;
        Appends = appends;
    }

    /// <summary>Last entry applied.</summary>
    public SequenceNumber Applied { get; private set; }

    /// <summary>The token that appenders must show; zero if nobody has fenced.</summary>
    public JournalFence Fence { get; private set; }

    /// <summary>Stamp of the last entry applied; later ones are never less.</summary>
    public JournalTime LastTime { get; private set; }

    /// <summary>What clients appended lately.</summary>
    public RememberedAppends Appends { get; }

    /// <summary>Applies the next entry.</summary>
    public void Apply(in EntryHeader header, ReadOnlySpan<byte> payload)
    {
        Invariant.Check(header.Sequence == Applied.Next, "entries are applied in order, without a gap");
        Invariant.Check(header.Time >= LastTime, "journal time never goes back");
        if (_appendFirst == SequenceNumber.None)
        {
            _appendFirst = header.Sequence;
            _appendHash = 0;
        }

        if (header.Type == EntryType.Fence)
        {
            Fence = FencePayload.Read(payload);
        }

        _appendHash = HashContent(_appendHash, payload);
        if (header.EndsAppend)
        {
            if (!header.Client.IsNone && header.ClientSequence.Value != 0)
            {
                Appends.Remember(
                    header.Client,
                    header.ClientSequence,
                    new RememberedAppends.Append(_appendFirst, header.Sequence, _appendHash));
            }

            _appendFirst = SequenceNumber.None;
        }

        LastTime = header.Time;
        Applied = header.Sequence;
    }

    /// <summary>A hash that tells the contents of two appends apart, carried from payload to payload, starting with zero.</summary>
    public static ulong HashContent(ulong running, ReadOnlySpan<byte> payload) =>
        XxHash64.HashToUInt64(payload, unchecked((long)(running + 1)));

    /// <summary>Writes the state, for a snapshot at <see cref="Applied"/>.</summary>
    public void Write(IBufferWriter<byte> destination)
    {
        Invariant.Check(_appendFirst == SequenceNumber.None, "a snapshot is taken between appends");
        var span = destination.GetSpan(3 * sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(span, Applied.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(span[8..], Fence.Value);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], LastTime.Nanoseconds);
        destination.Advance(3 * sizeof(ulong));
        Appends.Write(destination);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; returns the bytes behind it.</summary>
    /// <exception cref="FormatException">The bytes end early.</exception>
    public static JournalState Read(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> rest)
    {
        if (source.Length < 3 * sizeof(ulong))
        {
            throw new FormatException("The journal's part of a snapshot ends early.");
        }

        return new JournalState(
            new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(source)),
            new JournalFence(BinaryPrimitives.ReadUInt64LittleEndian(source[8..])),
            new JournalTime(BinaryPrimitives.ReadInt64LittleEndian(source[16..])),
            RememberedAppends.Read(source[24..], out rest));
    }
}
