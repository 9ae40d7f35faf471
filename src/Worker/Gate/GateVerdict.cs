namespace ControlPlane.Worker.Gate;

/// <summary>What the gate says to one invocation. The table of rules is in this project's README.</summary>
internal enum GateVerdict
{
    /// <summary>The sandbox is its.</summary>
    Admit,

    /// <summary>The token is newer than what the plane has pushed: the push may be on its way.</summary>
    AwaitGrant,

    /// <summary>The token is right, and an invocation is going on.</summary>
    AwaitTurn,

    /// <summary>A higher position has been seen, or the token was never granted.</summary>
    Stale,

    /// <summary>The token was granted to another tenant.</summary>
    WrongTenant,

    /// <summary>Its time on the worker's clock is over.</summary>
    Expired,
}
