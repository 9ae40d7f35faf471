namespace ControlPlane.Security;

/// <summary>What the holder of a certificate may be. What each role may call is in the table of the project <c>Access</c>.</summary>
public enum Role
{
    /// <summary>Leases sandboxes and invokes them, in its own name only.</summary>
    Tenant,

    /// <summary>A machine that runs sandboxes; serves a gate.</summary>
    Worker,

    /// <summary>Whoever runs the plane: may call everything that people call, for any tenant.</summary>
    Operator,

    /// <summary>A node of the plane: serves it, and copies journals to and from the other nodes.</summary>
    Replica,

    /// <summary>Reads and writes the one journal for general use that has its name.</summary>
    Journal,
}
