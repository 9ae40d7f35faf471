using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using ControlPlane.Access;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Worker.Tests.Support;

/// <summary>The plane's end of worker sessions, over loopback: hands out sessions, keeps all that workers say, says what a test wants.</summary>
internal sealed class TestPlane : WorkerSessions.WorkerSessionsBase, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<WorkerMessage> _heard = new();
    private volatile Connection? _connection;
    private int _sessions;

    private TestPlane(TlsSettings? tls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (tls is not null)
                {
                    listen.UseTls(tls, ExpectedPeer.Anybody);
                }
            }));
        _app = builder.Build();
        _app.MapGrpcService<TestPlane>();
    }

    public string Address => _app.Urls.First();

    /// <summary>What the next worker that says hello is answered.</summary>
    public Wire.Session NextSession { get; set; } = new()
    {
        Epoch = 1,
        LostAfterMs = 10_000,
        HeartbeatIntervalMs = 50,
        Registration = 1,
        DriftPermille = 50,
    };

    /// <summary>Not null: this node leads nothing, refuses every worker, and names this address.</summary>
    public string? LeaderElsewhere { get; set; }

    /// <summary>Into how many partitions the plane is divided.</summary>
    public uint Partitions { get; set; } = 1;

    /// <summary>Sessions opened so far.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    public IReadOnlyCollection<WorkerMessage> Heard => _heard;

    public Hello LastHello => _heard.Last(message => message.Hello is not null).Hello;

    /// <param name="tls">Null: plaintext.</param>
    public static async Task<TestPlane> StartAsync(TlsSettings? tls = null)
    {
        var plane = new TestPlane(tls);
        await plane._app.StartAsync();
        return plane;
    }

    /// <summary>Forgets what was heard.</summary>
    public void Forget() => _heard.Clear();

    public void Say(PlaneMessage message) => _connection!.Outgoing.Writer.TryWrite(message);

    /// <summary>Breaks the session, without a goodbye.</summary>
    public void Break() => _connection!.Broken.Cancel();

    public async Task<WorkerMessage> HearAsync(Func<WorkerMessage, bool> wanted, string what)
    {
        WorkerMessage? found = null;
        await Eventually.HoldsAsync(() => (found = _heard.FirstOrDefault(wanted)) is not null, what);
        return found!;
    }

    public override async Task Connect(
        IAsyncStreamReader<WorkerMessage> requestStream, IServerStreamWriter<PlaneMessage> responseStream, ServerCallContext context)
    {
        var broken = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var connection = new Connection(Channel.CreateUnbounded<PlaneMessage>(), broken);
        await requestStream.MoveNext(broken.Token);
        _heard.Enqueue(requestStream.Current);
        if (LeaderElsewhere is { } leader)
        {
            throw ErrorTable.ToRpcException(ErrorReason.NotLeader, $"this node does not lead; ask {leader}", [new("leader", leader)]);
        }

        if (requestStream.Current.Hello.Partitions != Partitions)
        {
            throw ErrorTable.ToRpcException(ErrorReason.PartitionsDiffer, $"there are {Partitions}", [new("partitions", $"{Partitions}")]);
        }

        await responseStream.WriteAsync(new PlaneMessage { Session = NextSession }, broken.Token);
        _connection = connection;
        Interlocked.Increment(ref _sessions);
        var speaking = SpeakAsync(connection, responseStream, broken.Token);
        try
        {
            while (await requestStream.MoveNext(broken.Token))
            {
                _heard.Enqueue(requestStream.Current);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the session was broken"));
        }
        finally
        {
            connection.Outgoing.Writer.Complete();
            await speaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Broken.Cancel();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task SpeakAsync(Connection connection, IServerStreamWriter<PlaneMessage> worker, CancellationToken cancelled)
    {
        await foreach (var message in connection.Outgoing.Reader.ReadAllAsync(cancelled))
        {
            await worker.WriteAsync(message, cancelled);
        }
    }

    private sealed record Connection(Channel<PlaneMessage> Outgoing, CancellationTokenSource Broken);
}
