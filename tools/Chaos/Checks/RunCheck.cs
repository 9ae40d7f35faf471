using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Recording;
using ControlPlane.Scenarios;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Checks;

/// <summary>Judges a recorded run. Pure: the same directory gives the same verdict, whenever it is asked.</summary>
internal static class RunCheck
{
    public static RunVerdict Judge(RunRecord run, string replay)
    {
        var scenario = run.Scenario;
        var figures = FiguresOf(run);
        List<Finding> violations =
        [
            .. scenario.Checks.Contains(CheckName.Leases) ? LeaseFindings.Of(run) : [],
            .. scenario.Checks.Contains(CheckName.Journal) ? JournalFindings.Of(run) : [],
            .. scenario.Checks.Contains(CheckName.Replicas) ? PlaneFindings.Replicas(run) : [],
            .. PlaneFindings.Processes(run),
        ];
        List<Finding> delays = [.. scenario.Checks.Contains(CheckName.Liveness) ? PlaneFindings.Liveness(run) : [], .. PlaneFindings.Outage(run, figures.LongestOutageMs)];
        List<string> gaps = [.. GapsOf(run, figures)];
        return new RunVerdict
        {
            Scenario = scenario.Name,
            Breaks = scenario.Breaks,
            Seed = scenario.Seed,
            Outcome = violations.Count > 0 ? ExitCode.Safety : delays.Count > 0 ? ExitCode.Liveness : gaps.Count > 0 ? ExitCode.Unknown : ExitCode.Pass,
            Violations = violations,
            FirstViolationAt = violations.Count > 0 ? LeaseFindings.FirstMoment(run) ?? run.End : null,
            Delays = delays,
            Gaps = gaps,
            Figures = figures,
            Replay = replay,
        };
    }

    private static IEnumerable<string> GapsOf(RunRecord run, RunFigures figures)
    {
        if (run.Events.All(happened => happened is not { Kind: EventKind.Phase, What: "end" }))
        {
            yield return "the run did not come to its end";
        }

        if (figures.Ok < run.Scenario.Bounds.OperationsMin)
        {
            yield return $"only {figures.Ok} operations were acknowledged, {run.Scenario.Bounds.OperationsMin} are wanted";
        }

        if (figures.Faults < run.Scenario.Bounds.FaultsMin)
        {
            yield return $"only {figures.Faults} faults were struck, {run.Scenario.Bounds.FaultsMin} are wanted";
        }
    }

    private static RunFigures FiguresOf(RunRecord run)
    {
        var faults = run.Events.Where(happened => happened is { Kind: EventKind.Fault, Over: true }).ToList();
        var begun = PhaseAt(run, "faults");
        var healed = PhaseAt(run, "healing");
        return new RunFigures
        {
            Operations = run.Operations.Count,
            Ok = Count(OperationOutcome.Ok),
            Denied = Count(OperationOutcome.Denied),
            Refused = Count(OperationOutcome.Refused),
            Unknown = Count(OperationOutcome.Unknown),
            OperationsByKind = run.Operations.CountBy(operation => Words.Of(operation.Kind)).ToDictionary(),
            Faults = faults.Count,
            FaultsByKind = faults.CountBy(fault => fault.What!).ToDictionary(),
            Kills = run.Events.Count(happened => happened is { Kind: EventKind.Process, What: "ended", ExitCode: 137 } && happened.At >= begun && happened.At <= healed),
            Pauses = faults.Count(fault => fault.What == "pause"),
            Cuts = faults.Count(IsCut),
            DiskFaults = faults.Count(fault => fault.What!.StartsWith("disk-", StringComparison.Ordinal)),
            ClockFaults = faults.Count(fault => fault.What!.StartsWith("clock-", StringComparison.Ordinal)),
            LongestOutageMs = LongestOutage(run, begun, healed) / 1_000,
            RecoveredMs = run.Events.LastOrDefault(happened => happened is { Kind: EventKind.Recovered, What: "allocated" })?.Millis ?? 0,
            Seconds = Math.Round(run.End / 1e6, 1),
        };

        int Count(OperationOutcome outcome) => run.Operations.Count(operation => operation.Outcome == outcome);
    }

    private static bool IsCut(RunEvent fault) =>
        Words.TryRead<FaultKind>(fault.What!, out var kind) && kind is FaultKind.Isolate or FaultKind.Halves or FaultKind.Bridge or FaultKind.Ring or FaultKind.OneWay or FaultKind.Flapping or FaultKind.DroppedReplies;

    private static long PhaseAt(RunRecord run, string phase) => run.Events.FirstOrDefault(happened => happened is { Kind: EventKind.Phase } && happened.What == phase)?.At ?? run.End;

    private static long LongestOutage(RunRecord run, long from, long until)
    {
        var (last, longest) = (from, 0L);
        foreach (var operation in run.Operations)
        {
            if (operation.Outcome == OperationOutcome.Ok && operation.Kind is not (OperationKind.Invoke or OperationKind.List or OperationKind.Lookup) && operation.To >= from && operation.To <= until)
            {
                longest = Math.Max(longest, operation.To - last);
                last = operation.To;
            }
        }

        return Math.Max(longest, until - last);
    }
}
