using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using static ControlPlane.Worker.RuntimeApi.InvocationOutcome;
using SandboxId = ControlPlane.Primitives.SandboxId;

namespace ControlPlane.Worker.Gate;

/// <summary>The words and figures of the gate's refusals.</summary>
internal static class GateRefusals
{
    /// <summary>The refusal of a verdict that is final.</summary>
    public static Aborted Of(GateVerdict verdict, SequenceNumber highest) => verdict switch
    {
        GateVerdict.Stale => new(
            ErrorReason.StaleFence, $"The gate has seen position {highest} for this sandbox; the token is not the newest.", [HighestOf(highest)]),
        GateVerdict.WrongTenant => new(
            ErrorReason.StaleFence, "The token was granted to another tenant.", [HighestOf(highest)]),
        GateVerdict.Expired => new(
            ErrorReason.LeaseEnded, "The lease's time is over on the worker's clock and no renewal has arrived.", [new("ended", "expired")]),
        GateVerdict.AwaitGrant => new(
            ErrorReason.LeaseEnded, "The plane has not told this worker of such a grant within the time it is waited for.", [new("ended", "not granted here")]),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "is no refusal"),
    };

    public static Aborted QueueFull(int max) => new(
        ErrorReason.Overloaded,
        $"{max} invocations wait for this sandbox already; nothing was done.",
        [new("what", "invocations waiting for the sandbox"), new("max", max.ToString(CultureInfo.InvariantCulture))]);

    public static Aborted Unknown(SandboxId id) =>
        new(ErrorReason.UnknownSandbox, $"This worker has no sandbox {id}.", []);

    /// <summary>It is here but over, or kept without being used.</summary>
    public static Aborted NotServed(SandboxId id, bool quarantined) => quarantined
        ? new(ErrorReason.UnknownSandbox, $"Sandbox {id} is quarantined: the plane does not know it.", [])
        : Unknown(id);

    private static KeyValuePair<string, string> HighestOf(SequenceNumber highest) => new("highest", highest.ToString());
}
