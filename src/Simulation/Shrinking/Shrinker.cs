using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Shrinking;

/// <summary>
/// Makes a failure small: fewer faults, then fewer clients and operations, fewer nodes, shorter, plainer; after each step the same demand must still be
/// violated. Works because draws go by name: what is taken away changes nothing of what remains.
/// </summary>
public sealed class Shrinker
{
    private readonly Func<SimulationPlan, SimulationResult> _run;
    private readonly Func<bool> _hasTime;
    private readonly Action<string> _progress;
    private SimulationResult _smallest;

    private Shrinker(SimulationResult failed, Func<SimulationPlan, SimulationResult> run, Func<bool> hasTime, Action<string> progress) =>
        (_smallest, _run, _hasTime, _progress) = (failed, run, hasTime, progress);

    private SimulationPlan Plan => _smallest.Plan;

    private SimulationKnobs Knobs => Plan.Knobs;

    /// <summary>The smallest failure that was found while there was time.</summary>
    /// <param name="failed">A run that failed.</param>
    /// <param name="run">Runs a plan: <see cref="Simulator.Run"/>.</param>
    /// <param name="hasTime">Asked before each run; shrinking ends when it says no.</param>
    /// <param name="progress">Is told now and then how far it is.</param>
    public static SimulationResult Shrink(
        SimulationResult failed, Func<SimulationPlan, SimulationResult> run, Func<bool> hasTime, Action<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var shrinker = new Shrinker(failed, run, hasTime, progress ?? (_ => { }));
        var concrete = failed.Plan with { Faults = failed.Faults };
        if (!shrinker.Try(concrete))
        {
            // It depends on what did not happen: nothing can be said of smaller ones.
            return failed;
        }

        shrinker.Shrink();
        return shrinker._smallest;
    }

    private void Shrink()
    {
        Shorten();
        DropFaults();
        Fewer("clients", Knobs.Clients, 1, count => Knobs with { Clients = count });
        Fewer("nodes", Knobs.Nodes, 3, count => Knobs with { Nodes = count });
        Fewer("workers", Knobs.Workers, 1, count => Knobs with { Workers = count });
        Fewer("functions", Knobs.Functions, 1, count => Knobs with { Functions = count });
        Fewer("tenants", Knobs.Tenants, 1, count => Knobs with { Tenants = count });
        Fewer("operations", (int)Math.Min(_smallest.Operations, 1_000), 1, count => Knobs with { OperationsPerClient = count });
        Shorten();
        Plain();
        Soften();
        DropFaults();
    }

    private void Shorten()
    {
        var at = (int)(_smallest.Violation!.At / Durations.Second) + 1;
        for (var seconds = Math.Min(at, Knobs.Seconds); seconds > 1 && seconds < Knobs.Seconds && Try(Plan with { Knobs = Knobs with { Seconds = seconds } }); seconds /= 2)
        {
        }
    }

    private void DropFaults()
    {
        var faults = DeltaDebugging.Minimise(Plan.Faults!, left => Try(Plan with { Faults = left }));
        _progress($"{faults.Count} faults");
    }

    // The least count that still fails, by bisection: larger ones mostly do.
    private void Fewer(string what, int count, int least, Func<int, SimulationKnobs> with)
    {
        while (least < count)
        {
            var middle = (least + count) / 2;
            if (Try(Plan with { Knobs = with(middle) }))
            {
                count = middle;
            }
            else
            {
                least = middle + 1;
            }
        }

        _progress($"{count} {what}");
    }

    private void Plain()
    {
        var plain = new SimulationKnobs();
        Func<SimulationKnobs, SimulationKnobs>[] steps =
        [
            knobs => knobs with { BatchMax = plain.BatchMax },
            knobs => knobs with { WindowEntries = plain.WindowEntries },
            knobs => knobs with { EntriesPerMessage = plain.EntriesPerMessage },
            knobs => knobs with { SnapshotInterval = 0 },
            knobs => knobs with { HeartbeatMs = plain.HeartbeatMs, LeaseMs = plain.LeaseMs, StaggerMs = plain.StaggerMs, PatienceMs = plain.PatienceMs },
            knobs => knobs with { LatencyUs = plain.LatencyUs },
            knobs => knobs with { FlushUs = plain.FlushUs },
            knobs => knobs with { TtlMs = plain.TtlMs },
        ];
        foreach (var step in steps)
        {
            Try(Plan with { Knobs = step(Knobs) });
        }
    }

    private void Soften()
    {
        for (var i = 0; i < Plan.Faults!.Count; i++)
        {
            while (Plan.Faults![i].Duration > 10 * Durations.Millisecond && Try(Plan with { Faults = With(i, Plan.Faults[i] with { Duration = Plan.Faults[i].Duration / 2 }) }))
            {
            }
        }
    }

    private List<Fault> With(int index, Fault fault)
    {
        var faults = Plan.Faults!.ToList();
        faults[index] = fault;
        return faults;
    }

    private bool Try(SimulationPlan plan)
    {
        if (plan.Knobs == Knobs && plan.Faults is not null && Plan.Faults is { } now && plan.Faults.SequenceEqual(now))
        {
            return true;
        }

        if (!_hasTime())
        {
            return false;
        }

        var result = _run(plan);
        if (result.Violation?.Check != _smallest.Violation!.Check)
        {
            return false;
        }

        _smallest = result;
        return true;
    }
}
