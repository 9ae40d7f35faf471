using System.Collections.Concurrent;
using ControlPlane.Protocol.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Client.Tests;

/// <summary>
/// A real gRPC server on a loopback port whose answers a test decides, request by request. It keeps every request that it was
/// sent, so that a test can see what was repeated, and how.
/// </summary>
internal sealed class ScriptedPlane : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedPlane(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>Everything received, in order.</summary>
    public ConcurrentQueue<object> Received { get; } = [];

    /// <summary>Answers each unary request; throws or breaks the connection to misbehave.</summary>
    public Func<object, ServerCallContext, Task<object>> Answer { get; set; } = (request, _) => throw Unscripted(request);

    /// <summary>Answers each watch.</summary>
    public Func<WatchRequest, IServerStreamWriter<WatchResponse>, ServerCallContext, Task> Watch { get; set; } = (request, _, _) => throw Unscripted(request);

    /// <summary>Answers each tail.</summary>
    public Func<TailRequest, IServerStreamWriter<TailResponse>, ServerCallContext, Task> Tail { get; set; } = (request, _, _) => throw Unscripted(request);

    /// <summary>The snapshot that was put, and that is got.</summary>
    public List<byte[]> SnapshotChunks { get; } = [];

    /// <param name="secure">Makes the listener speak TLS; null: plaintext.</param>
    public static async Task<ScriptedPlane> StartAsync(Action<ListenOptions>? secure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            secure?.Invoke(listen);
        }));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 16 * 1024 * 1024);
        ScriptedPlane? plane = null;
        builder.Services.AddSingleton(_ => plane!);
        var app = builder.Build();
        app.MapGrpcService<ScriptedAllocator>();
        app.MapGrpcService<ScriptedOperator>();
        app.MapGrpcService<ScriptedJournal>();
        app.MapGrpcService<ScriptedGate>();
        plane = new ScriptedPlane(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        plane.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return plane;
    }

    public ControlPlaneClient Client(TimeSpan? deadline = null, TimeProvider? clock = null, params string[] furtherAddresses) =>
        new(new ControlPlaneClientOptions
        {
            Addresses = [Address, .. furtherAddresses],
            Deadline = deadline ?? TimeSpan.FromSeconds(30),
            ReconnectWithin = TimeSpan.FromSeconds(30),
            Retry = new RetryPolicy { BackoffFirst = TimeSpan.FromMilliseconds(1), BackoffMax = TimeSpan.FromMilliseconds(5) },
            Clock = clock ?? TimeProvider.System,
        });

    /// <summary>Answers the n-th unary request with the n-th step, and all further ones with the last.</summary>
    public void Script(params Func<object, ServerCallContext, Task<object>>[] steps)
    {
        var next = -1;
        Answer = (request, context) => steps[Math.Min(Interlocked.Increment(ref next), steps.Length - 1)](request, context);
    }

    public IReadOnlyList<T> ReceivedOf<T>() => [.. Received.OfType<T>()];

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Calls that a test left hanging are cut off: that is what stopping at once means.
        }

        await _app.DisposeAsync();
    }

    internal async Task<T> AnswerAsync<T>(object request, ServerCallContext context)
    {
        Received.Enqueue(request);
        return (T)await Answer(request, context);
    }

    private static InvalidOperationException Unscripted(object request) => new($"the test did not expect {request.GetType().Name}");
}
