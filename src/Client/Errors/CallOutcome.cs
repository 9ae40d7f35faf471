namespace ControlPlane.Client;

/// <summary>What is known about a call that did not succeed: the question that decides what to do next.</summary>
public enum CallOutcome
{
    /// <summary>The plane or a gate answered with a reason. The call had no effect, unless the reason itself says otherwise (a function that failed did run).</summary>
    Refused,

    /// <summary>No attempt reached a server, or the call only reads: nothing was applied. Try again when the plane is back.</summary>
    Unreachable,

    /// <summary>At least one attempt may have been applied and no answer arrived. Ask again with the same request id.</summary>
    Unknown,

    /// <summary>The server failed without a documented reason: a fault to report, not a state to handle.</summary>
    Faulted,
}
