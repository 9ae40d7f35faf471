namespace ControlPlane.Scenarios;

/// <summary>
/// One thing that is struck, once or again and again. Exactly one of <see cref="At"/>, <see cref="Every"/> and <see cref="Between"/> is set; what is
/// null has the default of its kind (<see cref="FaultRules"/>).
/// </summary>
public sealed record Fault
{
    /// <summary>What.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>Whom.</summary>
    public FaultTarget? Target { get; init; }

    /// <summary>Once, this long after the load has begun.</summary>
    public TimeSpan? At { get; init; }

    /// <summary>Again and again, with this time between two beginnings.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>Again and again, with a time between two beginnings that is drawn from this range.</summary>
    public TimeRange? Between { get; init; }

    /// <summary>At most so often.</summary>
    public long? Times { get; init; }

    /// <summary>How long it lasts: the node is down, stopped, cut off, its clock is wrong, the load is higher.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>True: it waits until every node follows, so that it hits a whole plane. Faults that destroy data always do.</summary>
    public bool? Settled { get; init; }

    /// <summary>Where it is killed.</summary>
    public KillPoint? Point { get; init; }

    /// <summary>Restarts of a storm; operations of a disk that fail.</summary>
    public long? Count { get; init; }

    /// <summary>Time between two restarts of a storm, and between the changes of a flapping link.</summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>Which half is lost.</summary>
    public LinkDirection? Direction { get; init; }

    /// <summary>Which connections.</summary>
    public LinkScope? Links { get; init; }

    /// <summary>By how much everything is late.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Up to how much more, drawn for each piece; order is kept.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>Which share of the pieces is lost and sent again by the transport.</summary>
    public double? Share { get; init; }

    /// <summary>What a link carries at most.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>By how much a clock jumps; a leading minus means back.</summary>
    public TimeSpan? By { get; init; }

    /// <summary>How fast a clock runs; 1 is right.</summary>
    public double? Rate { get; init; }

    /// <summary>How many times the usual load.</summary>
    public double? Factor { get; init; }

    /// <summary>Clients of a flooding tenant.</summary>
    public long? Clients { get; init; }
}

/// <summary>From the shorter to the longer, both included.</summary>
/// <param name="Least">The shorter.</param>
/// <param name="Most">The longer.</param>
public readonly record struct TimeRange(TimeSpan Least, TimeSpan Most);
