using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Fires what is due, a bounded number in one step; the rest is due at once again.</summary>
internal static class DueTimers
{
    public static void Run(Reign reign)
    {
        while (reign.Timers.First is { } timer && timer.Due <= reign.Now && reign.EntryCount < Limits.FollowUpsPerStepMax)
        {
            Fire(reign, timer);
            Invariant.Check(!ReferenceEquals(reign.Timers.First, timer) || timer.Due > reign.Now, "a timer that fired is set later or gone");
        }
    }

    private static void Fire(Reign reign, ITimed timer)
    {
        switch (timer)
        {
            case Lease lease: Expiry.Due(reign, lease); break;
            case Waiter waiter: Waiters.TimeOut(reign, waiter); break;
            case WorkerLink link: Silence.Due(reign, link); break;
            case DrainTimer drain: Draining.Due(reign, drain.Worker); break;
            case FunctionVersion function: IdleRetirement.Run(reign, function); break;
            case RefillShaper refill: refill.Run(reign); break;
            default: throw new InvariantViolationException($"A timer for {timer.GetType().Name} has nobody to fire it.");
        }
    }
}
