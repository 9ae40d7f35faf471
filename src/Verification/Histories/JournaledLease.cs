using ControlPlane.Primitives;

namespace ControlPlane.Verification.Histories;

/// <summary>How a lease ended, as the journal has it.</summary>
public enum JournaledEnd
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>It was given back.</summary>
    Released,

    /// <summary>By itself: its time had run out, its worker was given up, its sandbox died.</summary>
    ByItself,
}

/// <summary>What the journal says of one lease.</summary>
/// <param name="Request">Whose it is.</param>
/// <param name="Lease">As it was granted.</param>
/// <param name="End">What became of it by the end of the history.</param>
public sealed record JournaledLease(RequestId Request, GrantedLease Lease, JournaledEnd End);
