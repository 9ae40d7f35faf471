using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Worker.Session;

/// <summary>Keeps one session with a partition of the plane: dials its nodes in turn, or the leader that one of them names, and again when a session breaks.</summary>
internal sealed class SessionLoop(WorkerAgent agent, PartitionShare share, string endpoint)
{
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly Backoff _backoff = new(Random.Shared.NextDouble);
    private int _turn;

    /// <summary>
    /// Runs until cancelled, or until the plane says that it has another number of partitions, which is returned; no failure of the plane or the way to
    /// it ends it.
    /// </summary>
    public async Task<int?> RunAsync(CancellationToken cancelled)
    {
        string? leader = null;
        string? last = null;
        while (!cancelled.IsCancellationRequested)
        {
            var address = leader ?? NextInTurn(except: last);
            (leader, last) = (null, address);
            var isElection = false;
            string cause;
            try
            {
                using var channel = Dial(address);
                var session = new PlaneSession(agent, share, endpoint, address, _backoff.Reset);
                leader = FollowableOrNull(await session.RunAsync(channel.CreateCallInvoker(), cancelled));
                cause = "the plane ended it";
            }
            catch (Exception e) when (e is RpcException or SessionException or HttpRequestException or IOException)
            {
                cause = e.Message;
                if (e is RpcException rpc)
                {
                    if (OtherCountOrNull(rpc) is { } count)
                    {
                        return count;
                    }

                    cause = $"{rpc.StatusCode}: {rpc.Status.Detail}";
                    isElection = ErrorTable.ReasonOf(rpc) == ErrorReason.NotLeader;
                    leader = isElection ? FollowableOrNull(ErrorTable.MetadataOf(rpc).GetValueOrDefault("leader")) : null;
                }
            }
            catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
            {
                cause = "the worker stops";
            }

            if (cancelled.IsCancellationRequested)
            {
                break;
            }

            if (leader is not null)
            {
                _backoff.Named(leader);
            }

            var delay = _backoff.Next(isElection);
            WorkerLog.SessionEnded(agent.Logger, address, share.Partition.Value, cause, delay);
            await Task.Delay(delay, agent.Time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>Not the one that has just failed, or hangs, if there are others: to dial it again would cost the whole patience with it.</summary>
    private string NextInTurn(string? except)
    {
        var addresses = agent.Options.PlaneAddresses;
        var next = addresses[_turn++ % addresses.Count];
        return next == except ? addresses[_turn++ % addresses.Count] : next;
    }

    private int? OtherCountOrNull(RpcException refused) =>
        ErrorTable.ReasonOf(refused) == ErrorReason.PartitionsDiffer
        && int.TryParse(ErrorTable.MetadataOf(refused).GetValueOrDefault("partitions"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count is >= 1 and <= PartitionMap.CountMax && count != share.Count
            ? count
            : null;

    private GrpcChannel Dial(string address)
    {
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = PingAfter,
            KeepAlivePingTimeout = PingTimeout,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = ConnectTimeout,
        };
        if (agent.Tls is { } tls)
        {
            handler.Secure(tls, ExpectedPeer.Node);
        }
        else
        {
            handler.ConnectPlainly();
        }

        return GrpcChannel.ForAddress(address, new GrpcChannelOptions { DisposeHttpClient = true, HttpHandler = handler });
    }

    /// <summary>A plane cannot lead the worker from TLS to plaintext, nor off this machine over plaintext.</summary>
    private string? FollowableOrNull(string? address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            return null;
        }

        return agent.Tls is not null
            ? uri.Scheme == Uri.UriSchemeHttps ? address : null
            : uri.Scheme == Uri.UriSchemeHttp && (uri.IsLoopback || agent.Options.DangerouslyServePlaintextToTheNetwork) ? address : null;
    }
}
