using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Nodes;

namespace ControlPlane.Runtime.Journals;

/// <summary>Whoever rebuilds a state from a journal: first a snapshot's bytes, if there is one, then the entries behind it.</summary>
public interface IReplay
{
    /// <summary>Restores the state behind the snapshot's position; <paramref name="snapshot"/> stands at the user's part.</summary>
    void Restore(SnapshotReader snapshot);

    /// <summary>Applies the next entry.</summary>
    void Apply(in EntryHeader header, ReadOnlySpan<byte> payload);
}

/// <summary>
/// The state machine on top of a journal, as its <see cref="JournalEngine"/> drives it. While the node follows, it is shown what is committed, in
/// order; while it leads, it decides itself what is appended, and is shown nothing. Called by the loop only.
/// </summary>
public interface IJournalUser : IReplay
{
    /// <summary>Begins anew from nothing; <see cref="IReplay.Restore"/> and <see cref="IReplay.Apply"/> follow.</summary>
    void Reset();

    /// <summary>The node reigns, and everything before the reign has been shown: what is appended from now on is this user's.</summary>
    void Lead();

    /// <summary>
    /// The node reigns no longer: what was appended and is not committed may be kept or lost, and nobody may be told either.
    /// <see cref="Reset"/> follows.
    /// </summary>
    void Deposed(DeposedReason reason);
}
