using ControlPlane.Primitives;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification.Checks;

/// <summary>
/// What was acknowledged stays: a lease that is surely held is in every list, with the same sandbox and token, and nobody denies it to
/// its holder; a lease whose release was answered is in no list.
/// </summary>
public static class LostAcknowledgementCheck
{
    /// <summary>Every list and every denial that contradicts an acknowledgement.</summary>
    public static IEnumerable<Violation> Run(LeaseHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var lives = LeaseLife.Of(history).DistinctBy(life => life.Lease.Id).ToDictionary(life => life.Lease.Id);
        return [.. history.Of<ListOperation>().SelectMany(list => InList(list, lives.Values)), .. Denied(history, lives)];
    }

    private static IEnumerable<Violation> InList(ListOperation list, IEnumerable<LeaseLife> lives)
    {
        var held = list.Held.ToDictionary(lease => lease.Id);
        foreach (var life in lives)
        {
            var listed = held.GetValueOrDefault(life.Lease.Id);
            if (listed is not null && !listed.IsSameRightAs(life.Lease))
            {
                yield return Broken($"{life.Lease} was acknowledged, but at {Times.Show(list.Completed)} it was listed as {listed}");
            }
            else if (listed is null && life.HeldFrom <= list.Invoked && list.Completed < life.HeldUntil)
            {
                yield return Broken($"{life.Lease} was acknowledged at {Times.Show(life.HeldFrom)} and cannot have ended before {Times.Show(life.HeldUntil)}, but was not in the list of {Times.Show(list.Completed)}");
            }
            else if (listed is not null && life.OverFrom < list.Invoked)
            {
                yield return Broken($"the release of {life.Lease} was acknowledged at {Times.Show(life.OverFrom.Value)}, but it was in the list of {Times.Show(list.Completed)}");
            }
        }
    }

    private static IEnumerable<Violation> Denied(LeaseHistory history, Dictionary<LeaseId, LeaseLife> lives)
    {
        var renewals = history.Of<RenewOperation>().Select(renewal => (Operation: (LeaseOperation)renewal, renewal.Lease, What: "renew"));
        var releases = history.Of<ReleaseOperation>().Select(release => (Operation: (LeaseOperation)release, release.Lease, What: "release"));
        foreach (var (operation, lease, what) in renewals.Concat(releases))
        {
            if (operation.Outcome == OperationOutcome.Denied
                && lives.GetValueOrDefault(lease) is { } life
                && life.HeldFrom <= operation.Invoked && operation.Completed < life.HeldUntil)
            {
                yield return Broken($"the holder of {life.Lease} wanted to {what} it and was told at {Times.Show(operation.Completed)} that it does not hold it, but it cannot have ended before {Times.Show(life.HeldUntil)}");
            }
        }
    }

    private static Violation Broken(string sentence) => new(nameof(LostAcknowledgementCheck), sentence);
}
