using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Free sandboxes above the warm target go after their function's idle timeout, the least recently used first.</summary>
internal static class IdleRetirement
{
    public static void Arm(Reign reign, FunctionVersion function)
    {
        if (DueOf(function) is { } due)
        {
            reign.Timers.Set(function, due);
        }
        else
        {
            reign.Timers.Cancel(function);
        }
    }

    public static void Run(Reign reign, FunctionVersion function)
    {
        for (var budget = Limits.FollowUpsPerStepMax; budget > 0 && DueOf(function) <= reign.Now; budget--)
        {
            Retirement.Retire(reign, function.Free.Oldest!);
        }

        Arm(reign, function);
    }

    private static JournalTime? DueOf(FunctionVersion function) =>
        function.Definition.IdleTimeout > TimeSpan.Zero && function.Free.Count > function.Definition.WarmTarget
            ? function.Free.Oldest!.FreedAt.Plus(function.Definition.IdleTimeout)
            : null;
}
