namespace ControlPlane.Scenarios;

/// <summary>The plane and its workers.</summary>
public sealed record ClusterShape
{
    /// <summary>Nodes, each with a replica of every journal.</summary>
    public long Nodes { get; init; } = 3;

    /// <summary>Partitions of the worker manager.</summary>
    public long Partitions { get; init; } = 1;

    /// <summary>Worker agents.</summary>
    public long Workers { get; init; } = 1;

    /// <summary>Sandboxes that a worker may have at once.</summary>
    public long Slots { get; init; } = 64;
}
