using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>Taking a slot on a worker for a new sandbox.</summary>
internal static class Creation
{
    public static Sandbox Create(Reign reign, Worker worker, FunctionVersion function)
    {
        var position = reign.Emit(new Entry
        {
            SandboxCreated = new SandboxCreated { Worker = worker.Position.Value, Function = function.Position.Value },
        });
        var sandbox = reign.State.Sandboxes.All.Get(position.Value);
        Tell(reign, sandbox);
        return sandbox;
    }

    /// <summary>Also for a sandbox that its worker has not heard of: the id makes a repetition harmless.</summary>
    public static void Tell(Reign reign, Sandbox sandbox)
    {
        if (sandbox.Worker.Link?.Session is { } session)
        {
            reign.Do(new CreateSandbox(session, reign.IdOf(sandbox), sandbox.Function.Definition, sandbox.Function.Version));
        }
    }
}
