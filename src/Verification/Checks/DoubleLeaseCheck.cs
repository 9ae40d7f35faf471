using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification.Checks;

/// <summary>
/// A sandbox is never held by two leases. Only times at which both were surely held count, so that an unknown outcome or a lease
/// that may have expired raises no false alarm.
/// </summary>
public static class DoubleLeaseCheck
{
    /// <summary>Every pair of neighbouring leases that overlap.</summary>
    public static IEnumerable<Violation> Run(LeaseHistory history)
    {
        foreach (var sandbox in LeaseLife.Of(history).GroupBy(life => life.Lease.Sandbox))
        {
            LeaseLife? longest = null;
            foreach (var life in sandbox.Where(life => life.HeldFrom < life.HeldUntil).OrderBy(life => life.HeldFrom))
            {
                if (longest is not null && life.HeldFrom < longest.HeldUntil)
                {
                    yield return new Violation(
                        nameof(DoubleLeaseCheck),
                        $"{sandbox.Key} was held by {longest.Lease.Id} until {Times.Show(longest.HeldUntil)} at least, and by {life.Lease.Id} from {Times.Show(life.HeldFrom)} on");
                }

                longest = longest is null || life.HeldUntil > longest.HeldUntil ? life : longest;
            }
        }
    }
}
