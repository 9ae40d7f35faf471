using System.Collections.Immutable;
using ControlPlane.Journal.Recovery;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>One journal that may be found: its entries from position 1 on, and up to where somebody was told that they are held.</summary>
internal sealed record JournalClaim(ImmutableList<WrittenEntry> Entries, ulong Acknowledged)
{
    public static JournalClaim Empty { get; } = new([], 0);
}

/// <summary>
/// What the world outside the disk knows at one moment: what it was told, and what it has asked for and not been told yet. Where a list has
/// several values, a step is under way and each of them may be found; the first is what was before.
/// </summary>
internal sealed record Ledger
{
    /// <summary>False until the creation of the replica has returned.</summary>
    public bool IsCreated { get; init; }

    public ImmutableArray<JournalClaim> Journals { get; init; } = [JournalClaim.Empty];

    /// <summary>Whether it is whole is not said here.</summary>
    public ImmutableArray<ReplicaPromise> Promises { get; init; } = [ReplicaPromise.None];

    public ImmutableArray<bool> Whole { get; init; } = [true];

    /// <summary>As text: what an acceptor remembers.</summary>
    public ImmutableArray<string> Acceptors { get; init; } = [AcceptorText.Fresh];

    /// <summary>As text: what the register beside the replica holds; none: there is no register.</summary>
    public ImmutableArray<string> Registers { get; init; } = [];

    public ImmutableList<ClosedEpoch> Closed { get; init; } = [];

    /// <summary>Positions of snapshots that were published, and of those that may be.</summary>
    public ImmutableSortedSet<ulong> Snapshots { get; init; } = [];

    /// <summary>Entries from here on must be readable.</summary>
    public ulong TrimmedBelow { get; init; } = 1;

    /// <summary>The same ledger has the same number; another one another.</summary>
    public int Version { get; init; }
}
