using System.Buffers.Binary;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests;

/// <summary>Makes the entries of one journal, each linked to the one before.</summary>
internal sealed class EntryChain(JournalId journal, JournalEnd end)
{
    public EntryChain(JournalId journal)
        : this(journal, JournalEnd.Empty(journal))
    {
    }

    public JournalEnd End { get; private set; } = end;

    public Epoch Epoch { get; set; } = new(1);

    /// <summary>What the next entries name as committed.</summary>
    public SequenceNumber Committed { get; set; }

    public ChainedEntry Next(ReadOnlySpan<byte> payload, bool endsAppend = true)
    {
        var header = new EntryHeader
        {
            Type = EntryType.User,
            Flags = endsAppend ? EntryFlags.EndOfAppend : EntryFlags.None,
            Journal = journal,
            Epoch = Epoch,
            Sequence = End.Tail,
            PreviousHash = End.LastHash,
            CommitSequence = Committed,
            Time = new JournalTime((long)End.Tail.Value * 1000),
            Writer = new ReplicaId(7),
            Client = default,
            ClientSequence = default,
            ProducerVersion = 1,
        };
        var encoded = new byte[EntryCodec.EncodedLength(payload.Length)];
        var hash = EntryCodec.Write(header, payload, encoded);
        End = JournalEnd.Behind(header, hash);
        return new ChainedEntry(header, encoded, hash);
    }

    public ChainedEntry Next(int payloadBytes = 100, bool endsAppend = true)
    {
        // No zero byte, so that a zeroed sector always shows.
        var payload = new byte[payloadBytes];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)(1 + ((i + (int)End.Tail.Value) % 255));
        }

        return Next(payload, endsAppend);
    }
}

internal sealed record ChainedEntry(EntryHeader Header, byte[] Encoded, ChainHash Hash)
{
    /// <summary>As a newer program might write it: another version, and a checksum that fits.</summary>
    public byte[] InNewerFormat()
    {
        byte[] bytes = [.. Encoded];
        bytes[4]++;
        var crc = Crc32C.Append(Crc32C.Initial, bytes.AsSpan(0, 124));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(124), Crc32C.Finish(Crc32C.Append(crc, bytes.AsSpan(EntryCodec.HeaderBytes))));
        return bytes;
    }
}
