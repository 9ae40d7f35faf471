using ControlPlane.Protocol.V1;
using ControlPlane.Worker.RuntimeApi;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>Why a run of a sandbox's program is over, and what follows.</summary>
/// <param name="Next">What becomes of the sandbox.</param>
/// <param name="Reason">For the plane and for people: "retired", "out of memory".</param>
/// <param name="Caller">What the invocation that was going on is answered.</param>
internal sealed record EndRequest(AfterEnd Next, string Reason, InvocationOutcome.Aborted Caller)
{
    /// <summary>The sandbox is over; a caller learns that it died, and of what.</summary>
    public static EndRequest Die(string reason) =>
        new(AfterEnd.Die, reason, new InvocationOutcome.Aborted(ErrorReason.SandboxDied, $"The sandbox ended during the call: {reason}.", [new("cause", reason)]));

    /// <summary>The function used up its time.</summary>
    public static EndRequest TimedOut(TimeSpan timeout) =>
        new(AfterEnd.Die, "invocation timed out", new InvocationOutcome.Aborted(
            ErrorReason.FunctionTimeout, $"The function ran longer than its timeout of {timeout.TotalMilliseconds} ms; its sandbox was ended.", []));

    /// <summary>The use that is going on has lost its right.</summary>
    public static EndRequest UseEnded(string how) =>
        new(AfterEnd.Restart, how, new InvocationOutcome.Aborted(
            ErrorReason.LeaseEnded, $"The lease ended during the call: {how}. The function may have been cut off anywhere.", [new("ended", how)]));

    /// <summary>The agent stops in good order and will revive the sandbox.</summary>
    public static EndRequest AgentStops { get; } =
        Die("the worker agent stops") with { Next = AfterEnd.Keep };
}
