using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>
/// A call did not succeed. <see cref="Outcome"/> says truthfully whether it may have been applied; <see cref="Reason"/> says why
/// it was refused, from the bounded list in <c>errors.proto</c>.
/// </summary>
public sealed class ControlPlaneException : Exception
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    internal ControlPlaneException(CallOutcome outcome, StatusCode code, ErrorReason reason, string message, Exception? cause = null)
        : base(message, cause)
    {
        Outcome = outcome;
        Code = code;
        Reason = reason;
    }

    /// <summary>Whether the call may have been applied.</summary>
    public CallOutcome Outcome { get; }

    /// <summary>The gRPC code.</summary>
    public StatusCode Code { get; }

    /// <summary>Why; <see cref="ErrorReason.Unspecified"/> if no server named a reason (transport failures, deadlines).</summary>
    public ErrorReason Reason { get; }

    /// <summary>The figures that belong to the reason, for instance <c>current</c> and <c>max</c> of a limit.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; internal init; } = NoMetadata;

    /// <summary>Every field at fault, if the reason is <see cref="ErrorReason.InvalidField"/>.</summary>
    public IReadOnlyList<FieldViolation> FieldViolations { get; internal init; } = [];

    /// <summary>The id of the allocation request that this is about, to look up, cancel or repeat it; none for other calls.</summary>
    public RequestId? RequestId { get; internal init; }

    /// <summary>The leader's address that a <see cref="ErrorReason.NotLeader"/> refusal named, or null.</summary>
    internal string? LeaderHint =>
        Reason == ErrorReason.NotLeader && Metadata.TryGetValue("leader", out var leader) && leader.Length > 0 ? leader : null;

    /// <summary>
    /// True if the answer speaks of this attempt only: an earlier attempt with the same id, whose answer was lost, may still
    /// have been applied. Every other refusal was decided with the memory of earlier attempts.
    /// </summary>
    internal bool SpeaksOfThisAttemptOnly =>
        Outcome != CallOutcome.Refused || Reason is ErrorReason.NotLeader or ErrorReason.Overloaded;

    internal ControlPlaneException With(CallOutcome? outcome = null, RequestId? requestId = null) =>
        new(outcome ?? Outcome, Code, Reason, Message, InnerException)
        {
            Metadata = Metadata,
            FieldViolations = FieldViolations,
            RequestId = requestId ?? RequestId,
        };
}
