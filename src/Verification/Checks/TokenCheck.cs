using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification.Checks;

/// <summary>
/// Tokens are granted once; each is the position of its grant; a later reign grants higher positions; and a request that began after
/// another was answered gets a higher token: the order of tokens never contradicts what clients saw.
/// </summary>
public static class TokenCheck
{
    /// <summary>Every token that breaks a rule.</summary>
    public static IEnumerable<Violation> Run(LeaseHistory history)
    {
        var lives = LeaseLife.Of(history);
        return [.. NotThePosition(lives), .. GrantedTwice(lives), .. ReignsOutOfOrder(lives), .. AgainstRealTime(history)];
    }

    private static IEnumerable<Violation> NotThePosition(IEnumerable<LeaseLife> lives) =>
        lives.Where(life => life.Lease.Fence.Position != life.Lease.Id.Position)
            .Select(life => Broken($"{life.Lease} has a token that is not the position of its grant"));

    private static IEnumerable<Violation> GrantedTwice(IEnumerable<LeaseLife> lives) =>
        lives.GroupBy(life => (life.Lease.Id.Partition, life.Lease.Fence.Position))
            .Where(same => same.Select(life => (life.Request, life.Lease.Id, life.Lease.Sandbox)).Distinct().Count() > 1)
            .Select(same => Broken($"position {same.Key.Position} was granted as a token more than once: {string.Join(", ", same.Select(life => $"{life.Lease} to request {life.Request}"))}"));

    private static IEnumerable<Violation> ReignsOutOfOrder(IEnumerable<LeaseLife> lives)
    {
        foreach (var partition in lives.GroupBy(life => life.Lease.Id.Partition))
        {
            LeaseLife? before = null;
            foreach (var life in partition.OrderBy(life => life.Lease.Fence.Position))
            {
                if (before is not null && life.Lease.Fence.Epoch < before.Lease.Fence.Epoch)
                {
                    yield return Broken($"{life.Lease} has a higher position than {before.Lease}, of a later reign");
                }

                before = life;
            }
        }
    }

    /// <summary>Sweeps over time: when a request begins, everything answered before has a lower position than it will get.</summary>
    private static IEnumerable<Violation> AgainstRealTime(LeaseHistory history)
    {
        foreach (var partition in Requests(history).GroupBy(request => request.Lowest.Id.Partition))
        {
            var answered = partition.OrderBy(request => request.Answered).ToList();
            var next = 0;
            GrantedLease? highest = null;
            foreach (var request in partition.OrderBy(request => request.Begun))
            {
                for (; answered[next].Answered < request.Begun; next++)
                {
                    highest = highest is null || answered[next].Highest.Fence.Position > highest.Fence.Position ? answered[next].Highest : highest;
                }

                if (highest is not null && request.Lowest.Fence.Position <= highest.Fence.Position)
                {
                    yield return Broken($"{request.Lowest} was asked for at {Times.Show(request.Begun)}, after {highest} had been answered, but its token is not higher");
                }
            }
        }
    }

    private static IEnumerable<(TimeSpan Begun, TimeSpan Answered, GrantedLease Lowest, GrantedLease Highest)> Requests(LeaseHistory history)
    {
        foreach (var attempts in history.Of<AllocateOperation>().GroupBy(attempt => attempt.Request))
        {
            var granted = attempts.Where(attempt => attempt.Outcome == OperationOutcome.Ok && attempt.Leases.Count > 0).ToList();
            if (granted.Count > 0)
            {
                var leases = granted.SelectMany(attempt => attempt.Leases).ToList();
                yield return (
                    attempts.Min(attempt => attempt.Invoked),
                    granted.Min(attempt => attempt.Completed),
                    leases.MinBy(lease => lease.Fence.Position)!,
                    leases.MaxBy(lease => lease.Fence.Position)!);
            }
        }
    }

    private static Violation Broken(string sentence) => new(nameof(TokenCheck), sentence);
}
