namespace ControlPlane.Scenarios;

/// <summary>Whom a kind of fault may hit.</summary>
public enum FaultReach
{
    /// <summary>Nobody in particular.</summary>
    Nobody,

    /// <summary>Nodes.</summary>
    Nodes,

    /// <summary>Workers.</summary>
    Workers,

    /// <summary>Any process.</summary>
    Processes,
}

/// <summary>One kind of fault.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Reach">Whom it may hit.</param>
/// <param name="Usual">Whom it hits if nobody is named.</param>
/// <param name="Seconds">How long it lasts if nothing is said; 0: it is over at once.</param>
/// <param name="Fields">Which fields it reads beside kind, target, timing and <c>for</c>.</param>
/// <param name="Means">What it does.</param>
public sealed record FaultRule(FaultKind Kind, FaultReach Reach, TargetRole Usual, double Seconds, string[] Fields, string Means)
{
    /// <summary>How long it lasts if nothing is said.</summary>
    public TimeSpan For => TimeSpan.FromSeconds(Seconds);

    /// <summary>True if it destroys data, so that a majority must be whole before it strikes.</summary>
    public bool Destroys => Kind is FaultKind.DiskBitrot or FaultKind.DiskMisdirect or FaultKind.DiskLostFlush or FaultKind.DiskStaleImage or FaultKind.DiskSwap
        or FaultKind.DiskWipe or FaultKind.DiskTorn or FaultKind.DiskEnospc or FaultKind.DiskEio;

    /// <summary>True if it needs a disk that can be told to fail.</summary>
    public bool NeedsFaultDisk => Kind is FaultKind.KillAtPoint or FaultKind.DiskEio or FaultKind.DiskTorn or FaultKind.DiskStall or FaultKind.DiskLostFlush;

    /// <summary>True if it needs a clock that can be told to be wrong.</summary>
    public bool NeedsFaultClock => Kind is FaultKind.ClockJump or FaultKind.ClockDrift or FaultKind.ClockFreeze;
}

/// <summary>Every kind of fault as one table: the parser, the schema, the runner and the documentation read it.</summary>
public static class FaultRules
{
    private static readonly string[] None = [];
    private static readonly string[] OfLinks = ["links", "direction"];

    /// <summary>The table, in order of the kinds.</summary>
    public static IReadOnlyList<FaultRule> All { get; } =
    [
        new(FaultKind.Kill, FaultReach.Processes, TargetRole.Any, 1, None, "kill -9, started again after `for`"),
        new(FaultKind.KillAtPoint, FaultReach.Nodes, TargetRole.Any, 1, ["point"], "killed at a named moment of its work with the disk, started again after `for`"),
        new(FaultKind.Pause, FaultReach.Processes, TargetRole.Any, 3, None, "stopped for `for`, then goes on as if no time had passed"),
        new(FaultKind.RestartStorm, FaultReach.Processes, TargetRole.Any, 0, ["count", "gap"], "killed and started `count` times, with `gap` between"),
        new(FaultKind.Isolate, FaultReach.Nodes, TargetRole.Any, 3, ["links"], "cut off from the others, both ways"),
        new(FaultKind.Halves, FaultReach.Nodes, TargetRole.Any, 3, None, "the nodes fall into two halves; the target is in the smaller one"),
        new(FaultKind.Bridge, FaultReach.Nodes, TargetRole.Any, 3, None, "two halves that only the target reaches both of"),
        new(FaultKind.Ring, FaultReach.Nodes, TargetRole.All, 3, None, "each node hears only the one before it"),
        new(FaultKind.OneWay, FaultReach.Nodes, TargetRole.Leader, 3, OfLinks, "half of what the target and the others say is lost: what it sends, or what it is sent"),
        new(FaultKind.Flapping, FaultReach.Nodes, TargetRole.Any, 4, ["links", "gap"], "cut off and whole in turn, each for `gap`"),
        new(FaultKind.Delay, FaultReach.Nodes, TargetRole.Any, 4, [.. OfLinks, "delay", "jitter"], "everything is late"),
        new(FaultKind.Loss, FaultReach.Nodes, TargetRole.Any, 4, [.. OfLinks, "share"], "a share of the pieces is lost, which a transport shows as waits for its repetition"),
        new(FaultKind.Reset, FaultReach.Nodes, TargetRole.Any, 0, ["links"], "every connection of the target is reset"),
        new(FaultKind.SlowLink, FaultReach.Nodes, TargetRole.Any, 4, [.. OfLinks, "bytes_per_second"], "links carry little"),
        new(FaultKind.DroppedReplies, FaultReach.Nodes, TargetRole.Leader, 1, None, "clients' requests arrive, what is answered does not, and then the connections break"),
        new(FaultKind.ClockJump, FaultReach.Nodes, TargetRole.Any, 0, ["by"], "the wall clock jumps, and stays there"),
        new(FaultKind.ClockDrift, FaultReach.Nodes, TargetRole.Any, 5, ["rate"], "all clocks run at another rate"),
        new(FaultKind.ClockFreeze, FaultReach.Nodes, TargetRole.Any, 2, None, "all clocks stand still while the process works on"),
        new(FaultKind.DiskEio, FaultReach.Nodes, TargetRole.Any, 1, ["count"], "writes and syncs fail with EIO; a node that ends is started again after `for`"),
        new(FaultKind.DiskEnospc, FaultReach.Nodes, TargetRole.Any, 2, None, "no room is left, then there is again; a node that ends is started again"),
        new(FaultKind.DiskTorn, FaultReach.Nodes, TargetRole.Any, 1, None, "of one write only some sectors arrive and the node dies"),
        new(FaultKind.DiskBitrot, FaultReach.Nodes, TargetRole.Follower, 1, ["count"], "bits of the journal flip while the node is down"),
        new(FaultKind.DiskMisdirect, FaultReach.Nodes, TargetRole.Follower, 1, None, "a sector of the journal is written over with another one while the node is down"),
        new(FaultKind.DiskStall, FaultReach.Nodes, TargetRole.Any, 2, None, "the next sync takes `for`"),
        new(FaultKind.DiskLostFlush, FaultReach.Nodes, TargetRole.Follower, 1, None, "syncs are confirmed and not done, then the power goes: what was not synced is lost"),
        new(FaultKind.DiskStaleImage, FaultReach.Nodes, TargetRole.Follower, 1, None, "the journal's segments are replaced with an older copy while the node is down"),
        new(FaultKind.DiskSwap, FaultReach.Nodes, TargetRole.Follower, 1, None, "two words of the journal change places while the node is down"),
        new(FaultKind.DiskWipe, FaultReach.Nodes, TargetRole.Follower, 1, None, "the node's data is gone; it comes back as a spare and its replicas are replaced"),
        new(FaultKind.RollingUpgrade, FaultReach.Nobody, TargetRole.All, 0, None, "node after node is stopped in good order and started, each when the one before follows, the leader last"),
        new(FaultKind.LeaderTransfer, FaultReach.Nobody, TargetRole.Leader, 0, None, "a planned change of the leader"),
        new(FaultKind.WorkerLoss, FaultReach.Workers, TargetRole.Worker, 2, None, "kill -9 of a worker agent, started again after `for`"),
        new(FaultKind.LoadSpike, FaultReach.Nobody, TargetRole.All, 3, ["factor"], "`factor` times the usual load"),
        new(FaultKind.TenantFlood, FaultReach.Nobody, TargetRole.All, 4, ["clients"], "one tenant asks as fast as it can"),
    ];

    /// <summary>The row of a kind.</summary>
    public static FaultRule Of(FaultKind kind) => All[(int)kind];
}
