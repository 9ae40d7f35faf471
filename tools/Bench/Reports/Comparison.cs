using ControlPlane.Bench.Load;

namespace ControlPlane.Bench.Reports;

/// <summary>Allocation beside its baselines, round by round.</summary>
internal sealed class Comparison(string name)
{
    private readonly List<(Measured Sync, Measured NoOp, Measured? SyncedNoOp, Measured Allocate)> _rounds = [];

    public string Name { get; } = name;

    public Measured Sync => _rounds.Select(r => r.Sync).Aggregate((a, b) => a.Plus(b));

    public Measured NoOp => _rounds.Select(r => r.NoOp).Aggregate((a, b) => a.Plus(b));

    /// <summary>Null at concurrencies where it was not measured.</summary>
    public Measured? SyncedNoOp => _rounds.Select(r => r.SyncedNoOp).Aggregate((a, b) => a is null || b is null ? null : a.Plus(b));

    public Measured Allocate => _rounds.Select(r => r.Allocate).Aggregate((a, b) => a.Plus(b));

    /// <summary>Allocate p50 over no-op p50, in each round.</summary>
    public IReadOnlyList<double> RatiosToNoOp => [.. _rounds.Select(r => r.Allocate.Latencies.At(50) / r.NoOp.Latencies.At(50))];

    /// <summary>Allocate p50 over (no-op p50 + data sync p50), in each round: 1.0 is the sum of its parts.</summary>
    public IReadOnlyList<double> RatiosToFloor =>
        [.. _rounds.Select(r => r.Allocate.Latencies.At(50) / (r.NoOp.Latencies.At(50) + r.Sync.Latencies.At(50)))];

    /// <summary>Allocate p50 over the p50 of a no-op that syncs, in each round that measured it: what is above 1.0 is the control plane's own.</summary>
    public IReadOnlyList<double> RatiosToSyncedNoOp =>
        [.. _rounds.Where(r => r.SyncedNoOp is not null).Select(r => r.Allocate.Latencies.At(50) / r.SyncedNoOp!.Latencies.At(50))];

    public void Add(Measured sync, Measured noOp, Measured? syncedNoOp, Measured allocate) => _rounds.Add((sync, noOp, syncedNoOp, allocate));
}
