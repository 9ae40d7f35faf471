using Grpc.Core;
using Grpc.Health.V1;

namespace ControlPlane.Protocol.Liveness;

/// <summary>
/// Asks whether a node's process still works. A process that hangs keeps its connections open, so whoever waits on one cannot tell it from a node
/// that takes its time; the transport's own pings say so after two seconds at best.
/// </summary>
public static class NodeProbe
{
    /// <summary>True if the node answers anything within <paramref name="patience"/>, be it a refusal; also if the question was cancelled.</summary>
    public static async Task<bool> AnswersAsync(CallInvoker node, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(node);
        try
        {
            await new Health.HealthClient(node)
                .CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + patience, cancellationToken: cancellation)
                .ResponseAsync.ConfigureAwait(false);
            return true;
        }
        catch (RpcException silence) when (silence.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return cancellation.IsCancellationRequested;
        }
        catch (RpcException)
        {
            return true;
        }
    }
}
