namespace ControlPlane.Verification.Histories;

/// <summary>What a client learned about one of its calls.</summary>
public enum OperationOutcome
{
    /// <summary>Answered with success: it took effect between invocation and completion.</summary>
    Ok,

    /// <summary>Answered with the claim that the caller does not hold the lease (ended, stale token, unknown).</summary>
    Denied,

    /// <summary>Refused for any other reason: it never takes effect.</summary>
    Refused,

    /// <summary>No answer: it may have taken effect, or take effect at any later time.</summary>
    Unknown,
}
