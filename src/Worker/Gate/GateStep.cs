using ControlPlane.Worker.RuntimeApi;

namespace ControlPlane.Worker.Gate;

/// <summary>What one look at the gate led to: entered, refused, or something to wait for before looking again.</summary>
internal readonly record struct GateStep(bool Entered, InvocationOutcome.Aborted? Refusal, Task? Change, bool ForGrant)
{
    public static GateStep Enter { get; } = new(true, null, null, false);

    public static GateStep Refuse(InvocationOutcome.Aborted refusal) => new(false, refusal, null, false);

    /// <param name="change">Completes when looking again may lead to something else.</param>
    /// <param name="forGrant">True if only the plane's push can help, for which one waits a bounded time.</param>
    public static GateStep Await(Task change, bool forGrant) => new(false, null, change, forGrant);
}
