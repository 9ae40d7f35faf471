namespace ControlPlane.WorkerManager;

/// <summary>What a leader decides by. Nothing here affects how entries are applied: those rules are journaled (<see cref="Settings"/>).</summary>
public sealed record CoreOptions
{
    /// <summary>Journaled by the first leader of a new partition; later they are changed by <see cref="Commands.SetSettings"/> only.</summary>
    public Settings InitialSettings { get; init; } = Settings.Default;

    /// <summary>Silence after which a worker is given up.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a worker reports, in a fleet of up to <see cref="HeartbeatsPerSecond"/> × this many workers; larger fleets report less often.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most heartbeats per second that the whole fleet sends; the interval grows with the fleet to keep it so.</summary>
    public int HeartbeatsPerSecond { get; init; } = 1_000;

    /// <summary>A state hash is journaled when this many entries have been written since the last one.</summary>
    public int StateHashInterval { get; init; } = 4_096;

    /// <summary>Sandboxes started per second, in all, to refill warm targets.</summary>
    public double RefillPerSecond { get; init; } = 20;

    /// <summary>Sandboxes that a refill may start at once after a quiet time.</summary>
    public int RefillBurst { get; init; } = 20;

    /// <summary>Workers compared for a new sandbox: best of k, 2 to 4.</summary>
    public int PlacementChoices { get; init; } = 3;

    /// <summary>How long a refused caller is told to wait before it tries again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(250);
}
