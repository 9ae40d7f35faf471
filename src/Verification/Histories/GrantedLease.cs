using ControlPlane.Primitives;

namespace ControlPlane.Verification.Histories;

/// <summary>A lease as its holder was told of it.</summary>
/// <param name="Id">Its name for ever.</param>
/// <param name="Sandbox">What it gives the exclusive right to.</param>
/// <param name="Fence">What the gate is shown.</param>
/// <param name="Ttl">How long it lasts without renewal. For a lease that must be confirmed sooner, that shorter time.</param>
public sealed record GrantedLease(LeaseId Id, SandboxId Sandbox, FencingToken Fence, TimeSpan Ttl)
{
    /// <summary>True if both are the same right: the time to live may have been renewed since.</summary>
    public bool IsSameRightAs(GrantedLease other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Id == other.Id && Sandbox == other.Sandbox && Fence == other.Fence;
    }

    /// <summary>Lease, sandbox and token.</summary>
    public override string ToString() => $"{Id} on {Sandbox} with token {Fence}";
}
