namespace ControlPlane.Scenarios;

/// <summary>
/// What is done to a control plane, and what must hold afterwards. Means the same in a simulation and to real processes: nothing in it depends on
/// either, every choice that it leaves open is drawn from <see cref="Seed"/>.
/// </summary>
public sealed record Scenario
{
    /// <summary>Short, of letters, digits and dashes; it names directories.</summary>
    public string Name { get; init; } = "";

    /// <summary>One sentence: what it tries to break.</summary>
    public string Breaks { get; init; } = "";

    /// <summary>Where every choice comes from that the scenario leaves open.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How long faults are struck; starting, healing and checking come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is struck.</summary>
    public ClusterShape Cluster { get; init; } = new();

    /// <summary>What clients do meanwhile.</summary>
    public Workload Workload { get; init; } = new();

    /// <summary>What is struck, when and where.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>What is given time for when the faults are over.</summary>
    public Healing Healing { get; init; } = new();

    /// <summary>What is looked at in the end; all by default.</summary>
    public IReadOnlyList<CheckName> Checks { get; init; } = Enum.GetValues<CheckName>();

    /// <summary>What the run must reach to count, and what bounds it.</summary>
    public Bounds Bounds { get; init; } = new();
}
