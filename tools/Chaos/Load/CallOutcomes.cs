using ControlPlane.Client;
using ControlPlane.Verification.Histories;
using Grpc.Core;

namespace ControlPlane.Chaos.Load;

/// <summary>What a failed call taught its caller, in the words of the checkers.</summary>
internal static class CallOutcomes
{
    public static OperationOutcome Of(ControlPlaneException failure) => failure switch
    {
        { Outcome: CallOutcome.Refused, Code: StatusCode.FailedPrecondition or StatusCode.NotFound } => OperationOutcome.Denied,
        { Outcome: CallOutcome.Refused or CallOutcome.Unreachable } => OperationOutcome.Refused,
        _ => OperationOutcome.Unknown,
    };

    /// <summary>The reason that a server named, or what the transport said.</summary>
    public static string ReasonOf(ControlPlaneException failure) =>
        failure.Reason == Protocol.V1.ErrorReason.Unspecified ? $"{failure.Outcome} ({failure.Code})" : failure.Reason.ToString();
}
