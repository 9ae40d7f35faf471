using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Deploying and deleting functions. Deploying what is already current changes nothing.</summary>
internal static class FunctionOrders
{
    public static void Decide(Reign reign, DeployFunction command)
    {
        var known = reign.State.FunctionTable.TryGetFamily(command.Function.Name, out var family);
        if (family?.Current is { } current && current.Definition.Equals(command.Function))
        {
            reign.Reply(command.Call, new DeployAnswered(StateViews.Of(current), Unchanged: true));
            return;
        }

        var full = reign.State.FunctionCount >= Limits.FunctionsMax || (!known && reign.State.FunctionTable.Families.Count >= Limits.FunctionsMax);
        if (full)
        {
            reign.Reply(command.Call, new Refused(Refusals.Overloaded("functions", Limits.FunctionsMax, reign.Options.RetryAfter)));
            return;
        }

        var position = reign.Emit(Deployment.Entry(command.Function, (family?.LastVersion ?? 0) + 1));
        var version = reign.State.FunctionTable.Versions.Get(position.Value);
        reign.Reply(command.Call, new DeployAnswered(StateViews.Of(version), Unchanged: false));
    }

    public static void Decide(Reign reign, DeleteFunction command)
    {
        if (reign.State.FunctionTable.TryGetFamily(command.Name, out var family) && family.Current is { } current)
        {
            reign.Emit(new Entry { FunctionDeleted = new FunctionDeleted { Function = current.Position.Value } });
            reign.Reply(command.Call, Done.Instance);
        }
        else
        {
            reign.Reply(command.Call, new Refused(Refusals.UnknownFunction(command.Name, 0)));
        }
    }
}
