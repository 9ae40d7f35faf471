using ControlPlane.Chaos.Recording;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Checks;

/// <summary>What is wrong with the plane itself: replicas that differ, processes that end by themselves, and what did not come in time.</summary>
internal static class PlaneFindings
{
    /// <summary>
    /// All replicas of a journal have the same entry at the same position, with the same past; and the same state. Of a plane that did not settle, which
    /// is a matter of liveness, only those are compared that have an entry there.
    /// </summary>
    public static IEnumerable<Finding> Replicas(RunRecord run)
    {
        var isSettled = !run.Events.Any(happened => happened is { Kind: EventKind.Recovered, What: "the same state", Unexpected: true });
        foreach (var journal in run.Events.Where(happened => happened.Kind == EventKind.Replica && (isSettled || happened.ChainHash is not null)).GroupBy(replica => replica.Journal!))
        {
            if (journal.Select(replica => (replica.Position, replica.ChainHash, isSettled ? replica.StateHash : null)).Distinct().Count() > 1)
            {
                yield return new Finding("ReplicaCheck", $"the replicas of {journal.Key} differ: {string.Join("; ", journal.Select(Show))}");
            }
        }

        static string Show(RunEvent replica) =>
            $"{replica.Node} has {replica.ChainHash ?? $"nothing ({replica.Detail})"} at {replica.Position}{(replica.StateHash is null ? "" : $", state {replica.StateHash}")}";
    }

    /// <summary>A node may end by itself only when its disk fails: everything else is a broken invariant, or a crash.</summary>
    public static IEnumerable<Finding> Processes(RunRecord run) =>
        run.Events.Where(happened => happened is { Kind: EventKind.Process, Unexpected: true })
            .Select(ended => new Finding("ProcessCheck", FormattableString.Invariant($"{ended.Node} ended by itself with exit code {ended.ExitCode} at {ended.At / 1e6:0.000000} s; its log says why")));

    public static IEnumerable<Finding> Liveness(RunRecord run)
    {
        var bound = run.Scenario.Bounds.AllocateWithin;
        foreach (var recovered in run.Events.Where(happened => happened.Kind == EventKind.Recovered))
        {
            if (recovered.Unexpected == true)
            {
                yield return new Finding("LivenessCheck", $"{recovered.What}: {recovered.Detail}");
            }
            else if (recovered.What == "allocated" && recovered.Millis > bound.TotalMilliseconds)
            {
                yield return new Finding("LivenessCheck", $"after healing an allocation took {recovered.Millis} ms, and may take {TimeText.Of(bound)}");
            }
        }
    }

    public static IEnumerable<Finding> Outage(RunRecord run, long longestOutageMs)
    {
        if (run.Scenario.Bounds.OutageMax is { } most && longestOutageMs > most.TotalMilliseconds)
        {
            yield return new Finding("OutageCheck", $"nobody was answered for {longestOutageMs} ms, and it may be {TimeText.Of(most)}");
        }
    }
}
