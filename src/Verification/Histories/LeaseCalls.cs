using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Histories;

/// <summary>
/// A history of leases as calls for <see cref="LeaseModel"/>, with unknown outcomes resolved from the journal, so that a search need
/// not guess them.
/// </summary>
/// <remarks>
/// The journal says what happened, not when by the clients' clock: what only it knows may have happened at any time from the request
/// (or the beginning of the history) to the end of the history. Attempts at one request, and releases of one lease, are one call: it
/// took effect between the first attempt that may have and the first answer. That hides a second answer that differs, which
/// <see cref="Checks.RetryCheck"/> finds.
/// </remarks>
public static class LeaseCalls
{
    /// <summary>The calls about all sandboxes; their times are ticks of the history's clock.</summary>
    /// <param name="history">What clients did.</param>
    /// <param name="journal">Every lease that was granted during the history, and no others. What is not in it, and was not told to a client, never was.</param>
    public static IReadOnlyList<Operation<LeaseCall>> Of(LeaseHistory history, IReadOnlyCollection<JournaledLease> journal)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(journal);
        var all = history.Of<LeaseOperation>();
        if (all.Count == 0)
        {
            return [];
        }

        var begin = all.Min(operation => operation.Invoked);
        var end = all.Max(operation => operation.Completed);
        var requests = history.Of<AllocateOperation>().Where(MayApply).ToLookup(attempt => attempt.Request);
        var renewals = history.Of<RenewOperation>().Where(renewal => renewal.Outcome != OperationOutcome.Refused).ToLookup(renewal => renewal.Lease);
        var releases = history.Of<ReleaseOperation>().Where(release => release.Outcome != OperationOutcome.Refused).ToLookup(release => release.Lease);
        var calls = new List<Operation<LeaseCall>>();
        foreach (var lease in Leases(requests, journal))
        {
            var attempts = requests[lease.Request].ToList();
            var asked = attempts.Count == 0 ? begin : attempts.Min(attempt => attempt.Invoked);
            var told = attempts.Where(attempt => attempt.Leases.Any(granted => granted.Id == lease.Lease.Id)).Select(attempt => attempt.Completed);
            Add(lease, LeaseFunction.Allocate, LeaseAnswer.Ok, asked, told.DefaultIfEmpty(end).Min());
            foreach (var renewal in renewals[lease.Lease.Id])
            {
                Add(lease, LeaseFunction.Renew, AnswerOf(renewal), renewal.Invoked, renewal.Outcome == OperationOutcome.Unknown ? null : renewal.Completed);
            }

            AddEnd(lease, [.. releases[lease.Lease.Id]], asked);
        }

        return [.. calls.OrderBy(call => call.Invoked)];

        void AddEnd(JournaledLease lease, IReadOnlyList<ReleaseOperation> attempts, TimeSpan asked)
        {
            foreach (var denied in attempts.Where(attempt => attempt.Outcome == OperationOutcome.Denied))
            {
                Add(lease, LeaseFunction.Release, LeaseAnswer.NotHeld, denied.Invoked, denied.Completed);
            }

            var applied = attempts.Where(MayApply).ToList();
            var answered = applied.Where(attempt => attempt.Outcome == OperationOutcome.Ok).Select(attempt => attempt.Completed).ToList();
            if (answered.Count > 0 || (applied.Count > 0 && lease.End == JournaledEnd.Released))
            {
                Add(lease, LeaseFunction.Release, LeaseAnswer.Ok, applied.Min(attempt => attempt.Invoked), answered.DefaultIfEmpty(end).Min());
            }
            else if (lease.End != JournaledEnd.None)
            {
                Add(lease, LeaseFunction.End, LeaseAnswer.Ok, asked, end);
            }
        }

        void Add(JournaledLease lease, LeaseFunction function, LeaseAnswer answer, TimeSpan from, TimeSpan? to) => calls.Add(new Operation<LeaseCall>(
            Process: null, new LeaseCall(function, lease.Lease.Sandbox, lease.Lease.Fence, answer), from.Ticks, to?.Ticks));
    }

    /// <summary>What the journal has, and what clients were told besides.</summary>
    private static IEnumerable<JournaledLease> Leases(ILookup<RequestId, AllocateOperation> requests, IReadOnlyCollection<JournaledLease> journal) =>
        journal.Concat(requests.SelectMany(attempts => attempts
                .SelectMany(attempt => attempt.Leases)
                .Select(lease => new JournaledLease(attempts.Key, lease, JournaledEnd.None))))
            .DistinctBy(lease => (lease.Lease.Id, lease.Lease.Sandbox, lease.Lease.Fence));

    private static bool MayApply(LeaseOperation operation) => operation.Outcome is OperationOutcome.Ok or OperationOutcome.Unknown;

    private static LeaseAnswer AnswerOf(RenewOperation renewal) => renewal.Outcome switch
    {
        OperationOutcome.Ok => LeaseAnswer.Ok,
        OperationOutcome.Denied => LeaseAnswer.NotHeld,
        _ => LeaseAnswer.None,
    };
}
