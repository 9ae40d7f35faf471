using ControlPlane.Chaos.Recording;
using ControlPlane.Verification;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Checks;

/// <summary>What is wrong with leases, by the checkers of <c>src/Verification</c> and by what only a whole run can tell.</summary>
internal static class LeaseFindings
{
    public static IReadOnlyList<Finding> Of(RunRecord run)
    {
        var ended = EndedSandboxes(run);
        return
        [
            .. LeaseVerification.Check(HistoryConversion.Of(run.Operations, ended)).Select(violation => new Finding(violation.Check, violation.Sentence)),
            .. WrongAnswers(run),
            .. Orphans(run),
        ];
    }

    /// <summary>
    /// The moment at which clients can first have known of a violation: the end of the first call after which the checkers find one. Found by halving,
    /// with the calls that were under way taken for unknown.
    /// </summary>
    public static long? FirstMoment(RunRecord run)
    {
        var ended = EndedSandboxes(run);
        var (low, high) = (0, run.Operations.Count - 1);
        if (high < 0 || !IsWrongBy(high))
        {
            return null;
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = IsWrongBy(middle) ? (low, middle) : (middle + 1, high);
        }

        return run.Operations[low].To;

        bool IsWrongBy(int last) => LeaseVerification.Check(HistoryConversion.Of(run.Operations, ended, run.Operations[last].To)).Count > 0;
    }

    private static HashSet<string> EndedSandboxes(RunRecord run) =>
        [.. run.Events.Where(happened => happened.Kind == EventKind.SandboxEnded).Select(happened => happened.Sandbox!)];

    private static IEnumerable<Finding> WrongAnswers(RunRecord run) =>
        run.Operations.Where(operation => operation is { Kind: OperationKind.Invoke, Outcome: OperationOutcome.Ok, Reason: not null })
            .Select(operation => new Finding("AnswerCheck", FormattableString.Invariant($"{operation.Sandbox} answered client {operation.Client} at {operation.To / 1e6:0.000000} s with what it was not sent")));

    /// <summary>When every client knows what became of its requests, whatever is still listed was granted to somebody who knows of it.</summary>
    private static IEnumerable<Finding> Orphans(RunRecord run)
    {
        var last = run.Operations.LastOrDefault(operation => operation is { Kind: OperationKind.List, Outcome: OperationOutcome.Ok });
        var requests = run.Operations.Where(operation => operation.Kind == OperationKind.Allocate).GroupBy(operation => operation.Request);
        if (last is null || requests.Any(attempts => attempts.All(attempt => attempt.Outcome == OperationOutcome.Unknown || attempt.From > last.From)))
        {
            yield break;
        }

        var told = run.Operations.Where(operation => operation.Kind == OperationKind.Allocate).SelectMany(operation => operation.Leases ?? []).Select(lease => lease.Lease).ToHashSet();
        foreach (var orphan in last.Leases!.Where(lease => !told.Contains(lease.Lease)))
        {
            yield return new Finding("OrphanCheck", FormattableString.Invariant($"{orphan.Lease} on {orphan.Sandbox} is listed at {last.To / 1e6:0.000000} s, and nobody was granted it"));
        }
    }
}
