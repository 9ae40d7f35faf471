using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification;

/// <summary>All checks of a history of leases. They know the contract, not the implementation: none shares code with the state machine.</summary>
public static class LeaseVerification
{
    /// <summary>Everything that is wrong; empty if the history is one that a correct plane can have produced.</summary>
    public static IReadOnlyList<Violation> Check(LeaseHistory history) =>
    [
        .. DoubleLeaseCheck.Run(history),
        .. TokenCheck.Run(history),
        .. RetryCheck.Run(history),
        .. LostAcknowledgementCheck.Run(history),
        .. GateOrderCheck.Run(history),
    ];
}
