namespace ControlPlane.Primitives.Entries;

/// <summary>
/// What the journal knows about one entry, in the order of its 128 bytes on disk and on the wire
/// (<see cref="EntryCodec"/> has the byte positions).
/// </summary>
public readonly record struct EntryHeader
{
    /// <summary>What the entry is to the journal.</summary>
    public required EntryType Type { get; init; }

    /// <summary>Marks.</summary>
    public required EntryFlags Flags { get; init; }

    /// <summary>The journal that the entry belongs to.</summary>
    public required JournalId Journal { get; init; }

    /// <summary>The reign in which it was first written; a copy made by a recovery keeps it.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Its position.</summary>
    public required SequenceNumber Sequence { get; init; }

    /// <summary>Hash of the entry before (<see cref="ChainHash.Genesis"/> for the first).</summary>
    public required ChainHash PreviousHash { get; init; }

    /// <summary>What the writer knew to be committed when it wrote this: proof that everything up to it was acknowledged.</summary>
    public required SequenceNumber CommitSequence { get; init; }

    /// <summary>The writer's stamp.</summary>
    public required JournalTime Time { get; init; }

    /// <summary>The replica whose process was the writer.</summary>
    public required ReplicaId Writer { get; init; }

    /// <summary>The appending client, or none.</summary>
    public required ClientId Client { get; init; }

    /// <summary>The client's number for this append, the same for each entry of one append.</summary>
    public required ClientSequence ClientSequence { get; init; }

    /// <summary>Version of the producer's payload format; a reader that knows only older ones stops instead of misreading.</summary>
    public required uint ProducerVersion { get; init; }

    /// <summary>True if this is the last entry of its append.</summary>
    public bool EndsAppend => (Flags & EntryFlags.EndOfAppend) != 0;
}
