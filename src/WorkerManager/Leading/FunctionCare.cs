using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Looks after one function version: retires what is obsolete, serves who waits, starts what is missing.</summary>
internal static class FunctionCare
{
    /// <summary>False if the budget ran out before everything was done.</summary>
    public static bool Run(Reign reign, FunctionVersion function, ref int budget)
    {
        if (!function.IsCurrent)
        {
            Waiters.RefuseAll(reign, function, new Refused(Refusals.UnknownFunction(function.Definition.Name, function.Version)));
            reign.Timers.Cancel(function);
            return RetireAll(reign, function.Free, ref budget) && RetireAll(reign, function.Starting, ref budget);
        }

        var done = Waiters.Serve(reign, function, ref budget) && ColdStarts.Run(reign, function, ref budget);
        reign.Refill.Consider(reign, function);
        IdleRetirement.Arm(reign, function);
        return done;
    }

    private static bool RetireAll(Reign reign, SandboxChain chain, ref int budget)
    {
        while (chain.Oldest is { } sandbox)
        {
            if (budget-- <= 0)
            {
                return false;
            }

            Retirement.Retire(reign, sandbox);
        }

        return true;
    }
}
