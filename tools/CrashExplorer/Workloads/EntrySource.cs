using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>Makes entries, each linked to the one before; no byte of a payload is zero, so that a lost sector always shows.</summary>
internal sealed class EntrySource(JournalId journal, JournalEnd end, Epoch epoch)
{
    /// <summary>What the next entries name as committed.</summary>
    public SequenceNumber Committed { get; set; }

    /// <summary>Another for each reign: a position has one payload in one reign, and may have another in the next.</summary>
    public byte Salt { get; init; }

    public JournalEnd End { get; private set; } = end;

    public (EntryHeader Header, byte[] Encoded, ChainHash Hash) Next(int payloadBytes, bool endsAppend)
    {
        var header = new EntryHeader
        {
            Type = EntryType.User,
            Flags = endsAppend ? EntryFlags.EndOfAppend : EntryFlags.None,
            Journal = journal,
            Epoch = epoch,
            Sequence = End.Tail,
            PreviousHash = End.LastHash,
            CommitSequence = Committed,
            Time = new JournalTime((long)End.Tail.Value * 1000),
            Writer = new ReplicaId(7),
            Client = default,
            ClientSequence = default,
            ProducerVersion = 1,
        };
        var payload = new byte[payloadBytes];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)(1 + ((i + (int)End.Tail.Value + (Salt * 31)) % 255));
        }

        var encoded = new byte[EntryCodec.EncodedLength(payloadBytes)];
        var hash = EntryCodec.Write(header, payload, encoded);
        End = JournalEnd.Behind(header, hash);
        return (header, encoded, hash);
    }
}
