using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Recording;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>One fault that is being struck: on whom, and for how long.</summary>
/// <param name="Planned">What was planned.</param>
/// <param name="Targets">Whom it hits, found out just now.</param>
/// <param name="Seed">The scenario's.</param>
/// <param name="Over">Cancelled when faults are over: whatever lasts ends early.</param>
internal sealed record Strike(PlannedFault Planned, IReadOnlyList<ClusterMember> Targets, long Seed, CancellationToken Over)
{
    private long _draws;

    public Fault Fault => Planned.Fault;

    public FaultRule Rule => FaultRules.Of(Fault.Kind);

    /// <summary>How long it lasts.</summary>
    public TimeSpan For => Fault.For ?? Rule.For;

    public ClusterMember Target => Targets[0];

    public ChaosNode Node => (ChaosNode)Targets[0];

    /// <summary>What is worth knowing of it, for the record.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>A choice that belongs to this fault alone.</summary>
    public int Draw(int below) => Draws.Below(below, Seed, Planned.Stream, _draws++);

    public long DrawSeed() => (long)(Draws.Bits(Seed, Planned.Stream, _draws++) >> 12);

    /// <summary>Waits as long as it lasts, or until faults are over.</summary>
    public Task LastAsync() => WaitAsync(For);

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Over).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}

/// <summary>What a family of faults can do: a way to strike each of its kinds.</summary>
internal interface IFaultFamily
{
    IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways { get; }
}

/// <summary>What the families share.</summary>
/// <param name="Cluster">What is struck.</param>
/// <param name="Recorder">Where it is written down.</param>
internal sealed record FaultGround(ChaosCluster Cluster, RunRecorder Recorder);
