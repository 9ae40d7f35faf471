using ControlPlane.Primitives;

namespace ControlPlane.Verification.Histories;

/// <summary>
/// What the clients' calls prove about one lease, whatever the plane did inside: it was held in
/// [<see cref="HeldFrom"/>, <see cref="HeldUntil"/>), and it was over from <see cref="OverFrom"/> on.
/// </summary>
/// <param name="Lease">The right.</param>
/// <param name="Request">Whose.</param>
/// <param name="HeldFrom">The first answer that granted it.</param>
/// <param name="HeldUntil">The earliest time at which it may have been released or have expired.</param>
/// <param name="OverFrom">The first answer to a release; null if there was none.</param>
public sealed record LeaseLife(GrantedLease Lease, RequestId Request, TimeSpan HeldFrom, TimeSpan HeldUntil, TimeSpan? OverFrom)
{
    /// <summary>The lives of all leases that were acknowledged, in order of their ids.</summary>
    public static IReadOnlyList<LeaseLife> Of(LeaseHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var renewals = history.Of<RenewOperation>().ToLookup(renewal => renewal.Lease);
        var releases = history.Of<ReleaseOperation>().ToLookup(release => release.Lease);
        var lives = new List<LeaseLife>();
        foreach (var attempts in history.Of<AllocateOperation>().GroupBy(attempt => attempt.Request))
        {
            var granted = attempts.Where(attempt => attempt.Outcome == OperationOutcome.Ok).OrderBy(attempt => attempt.Completed).ToList();
            foreach (var lease in granted.SelectMany(attempt => attempt.Leases).DistinctBy(lease => lease.Id))
            {
                var firstTold = granted.First(attempt => attempt.Leases.Any(told => told.Id == lease.Id)).Completed;
                var end = EarliestExpiry(attempts.Min(attempt => attempt.Invoked), lease.Ttl, [.. renewals[lease.Id]]);
                TimeSpan? over = null;
                foreach (var release in releases[lease.Id])
                {
                    var mayHaveApplied = release.Outcome is OperationOutcome.Ok or OperationOutcome.Unknown;
                    end = mayHaveApplied && release.Invoked < end ? release.Invoked : end;
                    over = release.Outcome == OperationOutcome.Ok && !(over <= release.Completed) ? release.Completed : over;
                }

                lives.Add(new LeaseLife(lease, attempts.Key, firstTold, end, over));
            }
        }

        return [.. lives.OrderBy(life => life.Lease.Id)];
    }

    /// <summary>
    /// Whichever of the grant and the renewals was applied last, was applied at or after the last of their known invocations,
    /// and gave at least the shortest of the times that may have been the last.
    /// </summary>
    private static TimeSpan EarliestExpiry(TimeSpan requested, TimeSpan ttl, IReadOnlyList<RenewOperation> renewals)
    {
        var answered = renewals.Where(renewal => renewal.Outcome == OperationOutcome.Ok).ToList();
        var lastKnown = answered.Count == 0 ? requested : answered.Max(renewal => renewal.Invoked);
        var candidates = answered.Where(renewal => renewal.Completed >= lastKnown)
            .Concat(renewals.Where(renewal => renewal.Outcome == OperationOutcome.Unknown))
            .Select(renewal => renewal.Ttl);
        return lastKnown + (answered.Count == 0 ? candidates.Append(ttl) : candidates).Min();
    }
}
