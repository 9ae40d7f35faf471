namespace ControlPlane.Verification.Linearizability;

/// <summary>What a search for a linearization came to.</summary>
public enum Verdict
{
    /// <summary>There is an order of the operations that explains every answer.</summary>
    Legal,

    /// <summary>There is none: the object is not what its model says.</summary>
    Illegal,

    /// <summary>The search was bounded before it found out.</summary>
    Unknown,
}
