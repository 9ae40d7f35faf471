using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>Reasons as the contract writes them: <c>TENANT_LIMIT</c>.</summary>
internal static class ReasonNames
{
    private const string Prefix = "ERROR_REASON_";

    public static string Of(ErrorReason reason) =>
        ErrorsReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason) is { } value ? value.Name[Prefix.Length..] : "UNSPECIFIED";

    /// <summary>The reason, or what happened in the same style if no server gave one.</summary>
    public static string Of(ControlPlaneException failure) => failure.Reason != ErrorReason.Unspecified ? Of(failure.Reason) : failure.Outcome switch
    {
        CallOutcome.Unreachable => "UNREACHABLE",
        CallOutcome.Unknown => "OUTCOME_UNKNOWN",
        _ => "INTERNAL",
    };
}
