using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using ControlPlane.Protocol.V1;
using Google.Rpc;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>Reads <c>google.rpc.Status</c> details, and judges transport failures by whether the request can have left this machine.</summary>
internal static class FailureDecoder
{
    private const string Domain = "controlplane";

    public static ControlPlaneException Decode(RpcException failure, string address)
    {
        var status = failure.GetRpcStatus();
        var info = status?.GetDetail<ErrorInfo>();
        if (info is null || info.Domain != Domain)
        {
            var outcome = OutcomeOfTransport(failure);
            return new ControlPlaneException(
                outcome, failure.StatusCode, ErrorReason.Unspecified, MessageOfTransport(failure, outcome, address), failure);
        }

        var reason = ParseReason(info.Reason);
        var violations = status!.GetDetail<BadRequest>()?.FieldViolations ?? [];
        return new ControlPlaneException(OutcomeOf(reason), failure.StatusCode, reason, failure.Status.Detail, failure)
        {
            Metadata = new Dictionary<string, string>(info.Metadata),
            FieldViolations = [.. violations.Select(v => new FieldViolation(v.Field, v.Description))],
        };
    }

    /// <summary>The refusal of one item among several, as the exception that a call of its own would have thrown.</summary>
    public static ControlPlaneException Decode(Refusal refusal) =>
        new(OutcomeOf(refusal.Reason), (StatusCode)refusal.Code, refusal.Reason, refusal.Message)
        {
            Metadata = new Dictionary<string, string>(refusal.Metadata),
        };

    /// <summary>"TENANT_LIMIT" → <see cref="ErrorReason.TenantLimit"/>; a reason newer than this library is unspecified.</summary>
    internal static ErrorReason ParseReason(string reason)
    {
        var name = string.Concat(reason.Split('_').Select(Capitalized));
        return Enum.TryParse<ErrorReason>(name, out var parsed) && Enum.IsDefined(parsed) ? parsed : ErrorReason.Unspecified;
    }

    private static string Capitalized(string word) =>
        word.Length == 0 ? word : word[..1] + word[1..].ToLower(CultureInfo.InvariantCulture);

    private static CallOutcome OutcomeOf(ErrorReason reason) =>
        reason == ErrorReason.OutcomeUnknown ? CallOutcome.Unknown : CallOutcome.Refused;

    private static CallOutcome OutcomeOfTransport(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.Unavailable => WasNeverSent(failure.Status.DebugException) ? CallOutcome.Unreachable : CallOutcome.Unknown,
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => CallOutcome.Unknown,
        // With an exception below it, the code was made up on this side of a broken connection, or of one that was not made.
        StatusCode.Internal or StatusCode.Unknown when failure.Status.DebugException is { } cause => WasNeverSent(cause) ? CallOutcome.Unreachable : CallOutcome.Unknown,
        _ => CallOutcome.Faulted,
    };

    private static string MessageOfTransport(RpcException failure, CallOutcome outcome, string address) => outcome switch
    {
        CallOutcome.Unreachable when RefusedHandshake(failure.Status.DebugException) is { } reason => $"no secure connection to {address}: {reason}",
        CallOutcome.Unreachable => $"nothing answers at {address}",
        CallOutcome.Unknown when failure.StatusCode == StatusCode.DeadlineExceeded => $"{address} did not answer before the deadline",
        CallOutcome.Unknown => $"the connection to {address} broke before the answer{HintOf(address)} ({failure.Status.Detail})",
        _ => failure.Status.Detail,
    };

    // With TLS 1.3 a client's handshake is over before the server has judged its certificate.
    private static string HintOf(string address) =>
        address.StartsWith("https:", StringComparison.Ordinal) ? "; if it always does, it may not accept this program's certificate" : "";

    /// <summary>Why this side would not speak to the other, or null.</summary>
    private static string? RefusedHandshake(Exception? cause)
    {
        while (cause is not (null or AuthenticationException))
        {
            cause = cause.InnerException;
        }

        return cause?.Message;
    }

    private static bool WasNeverSent(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable or SocketError.NetworkUnreachable }
                or AuthenticationException
                or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError })
            {
                return true;
            }
        }

        return false;
    }
}
