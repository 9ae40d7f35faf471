namespace ControlPlane.Primitives.Entries;

/// <summary>Where a verified journal ends: its last entry, and what the next one must link to.</summary>
/// <param name="Last">The last entry's position; <see cref="SequenceNumber.None"/> for an empty journal.</param>
/// <param name="LastHash">Its hash.</param>
/// <param name="LastEpoch">The reign in which it was first written.</param>
/// <param name="LastTime">Its stamp.</param>
public readonly record struct JournalEnd(SequenceNumber Last, ChainHash LastHash, Epoch LastEpoch, JournalTime LastTime)
{
    /// <summary>Where the next entry goes.</summary>
    public SequenceNumber Tail => Last.Next;

    /// <summary>The end of a journal that has no entry yet.</summary>
    public static JournalEnd Empty(JournalId journal) =>
        new(SequenceNumber.None, ChainHash.Genesis(journal), default, default);

    /// <summary>The end behind one entry.</summary>
    public static JournalEnd Behind(in EntryHeader header, ChainHash hash) =>
        new(header.Sequence, hash, header.Epoch, header.Time);
}
