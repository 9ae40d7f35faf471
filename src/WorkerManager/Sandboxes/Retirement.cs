using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Giving up an unleased sandbox: its worker is told to end it, and its slot counts until it has.</summary>
internal static class Retirement
{
    public static void Retire(Reign reign, Sandbox sandbox)
    {
        reign.Emit(new Entry { SandboxRetired = new SandboxRetired { Sandbox = sandbox.Position.Value } });
        if (sandbox.Worker.Link?.Session is { } session)
        {
            reign.Do(new DestroySandbox(session, reign.IdOf(sandbox)));
        }
    }

    /// <summary>A sandbox that nobody holds any more is kept only if something may still be leased there.</summary>
    public static void RetireIfObsolete(Reign reign, Sandbox sandbox)
    {
        var unleased = sandbox.Standing is SandboxStanding.Free or SandboxStanding.Starting;
        if (unleased && (sandbox.Worker.Orders == WorkerStanding.Draining || !sandbox.Function.IsCurrent))
        {
            Retire(reign, sandbox);
        }
    }
}
