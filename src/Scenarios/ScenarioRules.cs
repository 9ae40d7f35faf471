using System.Globalization;
using ControlPlane.Scenarios.Fields;
using ControlPlane.Scenarios.Parsing;

namespace ControlPlane.Scenarios;

/// <summary>What fields must fulfil together.</summary>
internal static class ScenarioRules
{
    private static readonly string[] Always = ["kind", "target", "at", "every", "between", "times", "for", "settled"];

    public static void Check(Scenario scenario, ScenarioValue root, ProblemList problems)
    {
        if (scenario.Workload.Clients > scenario.Cluster.Workers * scenario.Cluster.Slots)
        {
            problems.Add(LineOf(root, "workload"), "workload.clients", string.Create(
                CultureInfo.InvariantCulture, $"{scenario.Workload.Clients} clients want more sandboxes at once than {scenario.Cluster.Workers} worker(s) of {scenario.Cluster.Slots} slots have"));
        }

        if (root.Members.FirstOrDefault(member => member.Name == "faults").Value is not { } list)
        {
            return;
        }

        for (var i = 0; i < scenario.Faults.Count; i++)
        {
            Check(scenario, scenario.Faults[i], list.Items[i], string.Create(CultureInfo.InvariantCulture, $"faults[{i}]"), problems);
        }
    }

    private static void Check(Scenario scenario, Fault fault, ScenarioValue value, string path, ProblemList problems)
    {
        var rule = FaultRules.Of(fault.Kind);
        var kind = Words.Of(fault.Kind);
        var timings = new[] { fault.At is not null, fault.Every is not null, fault.Between is not null }.Count(set => set);
        if (timings != 1)
        {
            problems.Add(value.Line, path, timings == 0 ? "says not when: give one of at, every, between" : "says more than one of at, every, between");
        }

        if (fault.At is { } at && at >= scenario.Duration)
        {
            problems.Add(LineOf(value, "at"), $"{path}.at", $"{TimeText.Of(at)} is not within the duration of {TimeText.Of(scenario.Duration)}");
        }

        var unused = ScenarioShapes.Fault.Fields.FirstOrDefault(field => !Always.Contains(field.Name) && !rule.Fields.Contains(field.Name) && field.Write(fault) is not null);
        if (unused is not null)
        {
            var reads = rule.Fields.Length == 0 ? "none of its own" : string.Join(", ", rule.Fields);
            problems.Add(LineOf(value, unused.Name), $"{path}.{unused.Name}", $"{kind} does not read it; it reads {reads}");
        }

        if (fault.Target is { } target && Misfit(rule, target, scenario) is { } misfit)
        {
            problems.Add(LineOf(value, "target"), $"{path}.target", $"{kind} {misfit}");
        }

        if (fault.Kind == FaultKind.KillAtPoint && fault.Point is null)
        {
            problems.Add(value.Line, $"{path}.point", $"is missing: one of {string.Join(", ", Words.All<KillPoint>())}");
        }

        if (fault.Kind == FaultKind.ClockJump && fault.By is null)
        {
            problems.Add(value.Line, $"{path}.by", "is missing: by how much the clock jumps");
        }
    }

    private static string? Misfit(FaultRule rule, FaultTarget target, Scenario scenario)
    {
        var isWorker = target.Role == TargetRole.Worker;
        if (target.Name is { } name && !(isWorker ? Exists("worker-", scenario.Cluster.Workers) : Exists("node-", scenario.Cluster.Nodes)))
        {
            return $"names {name}, which the cluster has not";
        }

        return rule.Reach switch
        {
            FaultReach.Nobody => "hits nobody in particular: leave the target out",
            FaultReach.Nodes when isWorker || target.Role == TargetRole.Random => "hits nodes only",
            FaultReach.Workers when !isWorker => "hits workers only",
            _ => null,
        };

        bool Exists(string prefix, long count) =>
            long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= count;
    }

    private static int LineOf(ScenarioValue value, string field) => value.Members.FirstOrDefault(member => member.Name == field) is { Line: > 0 and var line } ? line : value.Line;
}
