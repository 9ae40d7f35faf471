using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

/// <summary>Steps of a script.</summary>
internal static class Answers
{
    /// <summary>Grants what is asked, from a gate at <paramref name="endpoint"/>.</summary>
    public static Func<object, ServerCallContext, Task<object>> Granted(string endpoint = "http://127.0.0.1:1", long ttlMs = 60_000) => (request, _) =>
    {
        var allocate = (AllocateRequest)request;
        var response = new AllocateResponse();
        for (var i = 0UL; i < Math.Max(1, allocate.Count); i++)
        {
            response.Leases.Add(Lease(endpoint, 10 + i, allocate.RequestId, ttlMs));
        }

        return Task.FromResult<object>(response);
    };

    public static Lease Lease(string endpoint, ulong position = 10, ByteString? requestId = null, long ttlMs = 60_000) => new()
    {
        Id = new LeaseId { Position = position },
        Sandbox = new SandboxId { Position = 5 },
        Fence = new FencingToken { Epoch = 3, Position = position },
        Endpoint = endpoint,
        TtlMs = ttlMs,
        RequestId = requestId ?? ByteString.CopyFrom(new byte[16]),
    };

    public static Func<object, ServerCallContext, Task<object>> Is(object response) => (_, _) => Task.FromResult(response);

    /// <summary>Does the work, then breaks the connection instead of answering.</summary>
    public static Task<object> LostAsync(object request, ServerCallContext context)
    {
        Break(context);
        throw new RpcException(new Grpc.Core.Status(StatusCode.Aborted, "never seen: the connection is gone"));
    }

    public static void Break(ServerCallContext context) => context.GetHttpContext().Abort();

    /// <summary>Never answers, until the caller hangs up.</summary>
    public static async Task<object> SilenceAsync(object request, ServerCallContext context)
    {
        var hungUp = new TaskCompletionSource();
        await using var registration = context.CancellationToken.Register(hungUp.SetResult);
        await hungUp.Task;
        throw new RpcException(Grpc.Core.Status.DefaultCancelled);
    }

    public static Func<object, ServerCallContext, Task<object>> Refused(StatusCode code, string reason, params (string Key, string Value)[] metadata) =>
        (_, _) => throw Refusal(code, reason, metadata);

    public static RpcException Refusal(StatusCode code, string reason, params (string Key, string Value)[] metadata)
    {
        var info = new ErrorInfo { Domain = "controlplane", Reason = reason };
        foreach (var (key, value) in metadata)
        {
            info.Metadata.Add(key, value);
        }

        return new Google.Rpc.Status { Code = (int)code, Message = $"refused: {reason}", Details = { Any.Pack(info) } }.ToRpcException();
    }
}
