using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Faults;

/// <summary>Draws what is to go wrong in a run, all of it before the run begins. Each fault has a stream of its own.</summary>
internal static class FaultPlanning
{
    /// <summary>Clocks run between these, in thousandths.</summary>
    public const int ClockRateMax = 1_100;

    private const int ClockRateMin = 900;
    private const long WarmUp = 3 * Durations.Second;

    /// <summary>Faults in order of time.</summary>
    public static IReadOnlyList<Fault> Plan(Draws draws, SimulationKnobs knobs)
    {
        var faults = new List<Fault>();
        if (knobs.FaultsPerMinute == 0 || knobs.FaultKinds.Count == 0)
        {
            return faults;
        }

        var gap = 60 * Durations.Second / knobs.FaultsPerMinute;
        var times = draws.Stream("fault time");
        var end = knobs.Seconds * Durations.Second;
        for (var at = WarmUp + times.Between(0, gap); at < end; at += times.Between(gap / 10, gap * 19 / 10))
        {
            faults.Add(Draw(draws.Stream("fault", faults.Count), at, knobs));
        }

        return faults;
    }

    private static Fault Draw(DrawStream draws, long at, SimulationKnobs knobs)
    {
        var kind = draws.Pick(knobs.FaultKinds);
        var node = draws.Below(5) < 2 ? Fault.Leader : draws.Below(knobs.Nodes);
        var other = draws.Below(knobs.Nodes);
        var lease = knobs.LeaseMs * Durations.Millisecond;
        var length = draws.Below(3) == 0 ? draws.Between(lease / 4, 2 * lease) : draws.Between(lease, 10 * lease);
        var worker = draws.Below(Math.Max(1, knobs.Workers));
        return kind switch
        {
            FaultKind.Kill or FaultKind.HandOver or FaultKind.Wipe or FaultKind.StaleImage => new Fault(at, kind, node),
            FaultKind.PowerCutOfAll => new Fault(at, kind, 0),
            FaultKind.KillAtStorageCall or FaultKind.DiskError or FaultKind.PowerCut => new Fault(at, kind, node, Amount: draws.Below(12)),
            FaultKind.RestartStorm => new Fault(at, kind, node, Duration: draws.Between(1, 6) * Durations.Second, Amount: draws.Between(2, 6)),
            FaultKind.RollingRestart => new Fault(at, kind, 0, Duration: draws.Between(2, 12) * Durations.Second),
            FaultKind.Freeze => new Fault(at, kind, node, Duration: length),
            FaultKind.Isolate => new Fault(at, kind, node, Duration: length, Amount: draws.Below(2)),
            FaultKind.Halves => new Fault(at, kind, 0, Other: 1 + draws.Below((1 << knobs.Nodes) - 2), Duration: length, Amount: draws.Below(2)),
            FaultKind.Bridge => new Fault(at, kind, node, Other: 1 + draws.Below((1 << knobs.Nodes) - 2), Duration: length, Amount: draws.Below(2)),
            FaultKind.Ring => new Fault(at, kind, 0, Duration: length, Amount: draws.Below(2)),
            FaultKind.OneWay => new Fault(at, kind, node, other, length, draws.Below(2)),
            FaultKind.Flapping => new Fault(at, kind, node, other, length, draws.Between(2, 8)),
            FaultKind.Reset => new Fault(at, kind, node, other),
            FaultKind.Clog => new Fault(at, kind, node, other, length),
            FaultKind.Delay => new Fault(at, kind, node, other, length, draws.Between(500, 100_000)),
            FaultKind.Loss or FaultKind.Duplication or FaultKind.Reordering => new Fault(at, kind, node, other, length, draws.Between(20, 500)),
            FaultKind.LostCalls => new Fault(at, kind, node, Duration: length, Amount: draws.Between(50, 700)),
            FaultKind.DiskFull => new Fault(at, kind, node, Duration: length),
            FaultKind.LostFlush => new Fault(at, kind, node, Duration: length * 2),
            FaultKind.DiskStall => new Fault(at, kind, node, Duration: length, Amount: draws.Between(500, 60_000)),
            FaultKind.BitRot => new Fault(at, kind, node, Amount: draws.Between(1, 3)),
            FaultKind.ClockRate => new Fault(at, kind, node, Duration: length * 4, Amount: draws.Between(ClockRateMin, ClockRateMax)),
            FaultKind.ClockJump => new Fault(at, kind, node, Amount: draws.Between(-20_000, 20_000)),
            FaultKind.WorkerRestart => new Fault(at, kind, worker, Amount: draws.Below(2)),
            FaultKind.WorkerFreeze or FaultKind.WorkerCut => new Fault(at, kind, worker, Duration: draws.Between(200, 8_000) * Durations.Millisecond),
            _ => new Fault(at, kind, worker, Amount: draws.Below(8)),
        };
    }
}
