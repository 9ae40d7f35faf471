using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Nodes;

/// <summary>
/// How patient a node is. Clocks give liveness only: whatever these are, and however wrong the clocks, nothing committed is lost and no
/// two writers commit.
/// </summary>
public sealed record ReignTimings
{
    /// <summary>
    /// A writer steps down when nothing that it sent within this time was acknowledged by a majority; a follower that has heard nothing for this
    /// long, and a stagger more, opens a new reign. The writer counts from sending, the follower from hearing, so the writer gives up first.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>A writer that has nothing to send says so this often.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Followers wait up to this much longer than the lease, each attempt another part of it, so that they seldom get in each other's way.</summary>
    public TimeSpan Stagger { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>An opening that gets no further for this long starts again.</summary>
    public TimeSpan OpeningPatience { get; init; } = TimeSpan.FromMilliseconds(1_000);

    /// <summary>Positions that may be on their way to one replica; more wait until it has acknowledged.</summary>
    public ulong WindowEntries { get; init; } = 16_384;

    /// <summary>How much longer than the lease one replica waits at one attempt. Spread without a draw: two seldom wait alike twice.</summary>
    internal TimeSpan StaggerOf(ReplicaId replica, ulong attempt)
    {
        var mixed = unchecked(((ulong)replica.Value * 0x9E3779B97F4A7C15UL) + (attempt * 0xBF58476D1CE4E5B9UL));
        mixed = unchecked((mixed ^ (mixed >> 31)) * 0x94D049BB133111EBUL);
        return TimeSpan.FromTicks((long)((mixed >> 11) % (ulong)Math.Max(1, Stagger.Ticks)));
    }

    /// <summary>Throws unless the times can work together.</summary>
    public void Validate()
    {
        Invariant.Check(Heartbeat > TimeSpan.Zero && Heartbeat < Lease / 2, "a lease spans at least two heartbeats");
        Invariant.Check(Stagger >= TimeSpan.Zero, "a stagger is a time");
        Invariant.Check(OpeningPatience > TimeSpan.Zero, "an opening has some patience");

        // Only whole appends are acknowledged: in a smaller window a large one would never come to its end.
        Invariant.Check(WindowEntries >= EntryLimits.EntriesPerAppendMax, "the largest append may be on its way");
    }
}
