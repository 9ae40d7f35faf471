using ControlPlane.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ControlPlane.Protocol.Errors;

/// <summary>
/// The one place where a reason becomes a gRPC error. Every refusal of every service carries its code from this table, an
/// <c>ErrorInfo</c> with the reason and its figures, and for <see cref="ErrorReason.InvalidField"/> a <c>BadRequest</c> that
/// names each field at fault.
/// </summary>
public static class ErrorTable
{
    /// <summary>The domain of every <c>ErrorInfo</c>.</summary>
    public const string Domain = "controlplane";

    /// <summary>The gRPC code of a reason, as <c>errors.proto</c> states it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The reason is not one of the list, or is unspecified.</exception>
    public static StatusCode ToStatusCode(ErrorReason reason) => reason switch
    {
        ErrorReason.TenantLimit => StatusCode.ResourceExhausted,
        ErrorReason.FunctionLimit => StatusCode.ResourceExhausted,
        ErrorReason.NoWarm => StatusCode.ResourceExhausted,
        ErrorReason.NoCapacity => StatusCode.ResourceExhausted,
        ErrorReason.Overloaded => StatusCode.ResourceExhausted,

        ErrorReason.NotLeader => StatusCode.Unavailable,
        ErrorReason.OutcomeUnknown => StatusCode.Unavailable,

        ErrorReason.DeadlineBeforeAppend => StatusCode.DeadlineExceeded,

        ErrorReason.RequestIdReused => StatusCode.AlreadyExists,

        ErrorReason.StaleFence => StatusCode.FailedPrecondition,
        ErrorReason.LeaseEnded => StatusCode.FailedPrecondition,
        ErrorReason.WrongIncarnation => StatusCode.FailedPrecondition,
        ErrorReason.Draining => StatusCode.FailedPrecondition,
        ErrorReason.TailMismatch => StatusCode.FailedPrecondition,
        ErrorReason.Fenced => StatusCode.FailedPrecondition,
        ErrorReason.JournalOwned => StatusCode.FailedPrecondition,
        ErrorReason.NoSuccessor => StatusCode.FailedPrecondition,
        ErrorReason.NoReplacement => StatusCode.FailedPrecondition,
        ErrorReason.PartitionsDiffer => StatusCode.FailedPrecondition,

        ErrorReason.UnknownFunction => StatusCode.NotFound,
        ErrorReason.UnknownLease => StatusCode.NotFound,
        ErrorReason.UnknownRequest => StatusCode.NotFound,
        ErrorReason.UnknownWorker => StatusCode.NotFound,
        ErrorReason.UnknownSandbox => StatusCode.NotFound,
        ErrorReason.UnknownJournal => StatusCode.NotFound,
        ErrorReason.UnknownTenant => StatusCode.NotFound,
        ErrorReason.NoSnapshot => StatusCode.NotFound,

        ErrorReason.InvalidField => StatusCode.InvalidArgument,

        ErrorReason.Trimmed => StatusCode.OutOfRange,
        ErrorReason.BeyondTail => StatusCode.OutOfRange,

        ErrorReason.Unsupported => StatusCode.Unimplemented,

        ErrorReason.FunctionError => StatusCode.Internal,
        ErrorReason.SandboxDied => StatusCode.Internal,
        ErrorReason.FunctionTimeout => StatusCode.DeadlineExceeded,

        ErrorReason.NoIdentity => StatusCode.Unauthenticated,

        ErrorReason.RoleNotAllowed => StatusCode.PermissionDenied,
        ErrorReason.TenantMismatch => StatusCode.PermissionDenied,
        ErrorReason.WorkerMismatch => StatusCode.PermissionDenied,
        ErrorReason.JournalMismatch => StatusCode.PermissionDenied,

        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "has no gRPC code"),
    };

    /// <summary>The reason's name in <c>ErrorInfo.reason</c>: as in the proto, without <c>ERROR_REASON_</c>.</summary>
    public static string NameOf(ErrorReason reason) => ReasonNames.Of(reason);

    /// <summary>The error to throw from a service method: code by the table, message for people, figures for machines.</summary>
    /// <param name="reason">One of the list; not unspecified.</param>
    /// <param name="message">A sentence that says what happened and, where there is one, what to do.</param>
    /// <param name="metadata">The figures that <c>errors.proto</c> names for the reason; null for none.</param>
    public static RpcException ToRpcException(
        ErrorReason reason, string message, IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        ToStatus(reason, message, metadata).ToRpcException();

    /// <summary><see cref="ErrorReason.InvalidField"/> with every field at fault.</summary>
    /// <param name="violations">At least one.</param>
    public static RpcException FieldViolations(params IReadOnlyCollection<BadRequest.Types.FieldViolation> violations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(violations.Count, nameof(violations));
        var message = string.Join("; ", violations.Select(violation => $"{violation.Field}: {violation.Description}"));
        var status = ToStatus(ErrorReason.InvalidField, message, metadata: null);
        status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violations } }));
        return status.ToRpcException();
    }

    /// <summary>
    /// Reads back what a service threw: the reason, or <see cref="ErrorReason.Unspecified"/> if the error is not one of ours
    /// (a broken connection, a foreign server, a reason newer than this program).
    /// </summary>
    public static ErrorReason ReasonOf(RpcException error) => ReasonNames.Parse(InfoOf(error)?.Reason);

    /// <summary>The figures beside the reason; empty if the error is not one of ours.</summary>
    public static IReadOnlyDictionary<string, string> MetadataOf(RpcException error) =>
        InfoOf(error)?.Metadata.ToDictionary(StringComparer.Ordinal) ?? [];

    private static ErrorInfo? InfoOf(RpcException error) =>
        error.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Domain: Domain } info ? info : null;

    private static Google.Rpc.Status ToStatus(
        ErrorReason reason, string message, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        var info = new ErrorInfo { Domain = Domain, Reason = NameOf(reason) };
        foreach (var (key, value) in metadata ?? [])
        {
            info.Metadata[key] = value;
        }

        return new Google.Rpc.Status
        {
            Code = (int)ToStatusCode(reason),
            Message = message,
            Details = { Any.Pack(info) },
        };
    }
}
