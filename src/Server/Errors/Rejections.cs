using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager.Outcomes;
using Google.Rpc;
using Grpc.Core;

namespace ControlPlane.Server.Errors;

/// <summary>
/// Turns refusals that are values into what goes over the wire: an error of the whole call, or a <see cref="Refusal"/> of
/// one item among several. Both take their code from the one <see cref="ErrorTable"/>.
/// </summary>
internal static class Rejections
{
    /// <summary>The error of the whole call.</summary>
    public static RpcException ToRpcException(this Rejection rejection) =>
        ErrorTable.ToRpcException(ReasonOf(rejection), rejection.Message, rejection.Metadata);

    /// <summary>The refusal of one item.</summary>
    public static Refusal ToRefusal(this Rejection rejection)
    {
        var refusal = Refuse(ReasonOf(rejection), rejection.Message);
        foreach (var (key, value) in rejection.Metadata)
        {
            refusal.Metadata[key] = value;
        }

        return refusal;
    }

    /// <summary>The refusal of one item, where a call of its own would have ended with this error.</summary>
    public static Refusal ToRefusal(RpcException refused)
    {
        var refusal = Refuse(ErrorTable.ReasonOf(refused), refused.Status.Detail);
        foreach (var (key, value) in ErrorTable.MetadataOf(refused))
        {
            refusal.Metadata[key] = value;
        }

        return refusal;
    }

    /// <summary>The refusal of one item whose fields are at fault; the fields are the keys of the metadata.</summary>
    public static Refusal ToRefusal(this IReadOnlyCollection<BadRequest.Types.FieldViolation> violations)
    {
        var refusal = Refuse(ErrorReason.InvalidField, string.Join("; ", violations.Select(violation => $"{violation.Field}: {violation.Description}")));
        foreach (var violation in violations)
        {
            refusal.Metadata[violation.Field] = violation.Description;
        }

        return refusal;
    }

    /// <summary>A refusal without figures.</summary>
    public static Refusal Refuse(ErrorReason reason, string message) =>
        new() { Code = (int)ErrorTable.ToStatusCode(reason), Reason = reason, Message = message };

    // Names and numbers are the same on both sides; a test holds every one of them together.
    private static ErrorReason ReasonOf(Rejection rejection) => (ErrorReason)rejection.Reason;
}
