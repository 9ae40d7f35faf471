using System.Net;
using ControlPlane.Server;
using ControlPlane.Server.Configuration;
using ControlPlane.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodeExitCode = ControlPlane.Server.Configuration.ExitCode;

namespace ControlPlane.Cpctl;

/// <summary>A node and a worker in this process. The worker starts when the node serves and ends before it.</summary>
internal sealed class LocalPlane : IAsyncDisposable
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Task<NodeExitCode> _serving;
    private WebApplication? _worker;

    private LocalPlane(WebApplication node)
    {
        _lifetime = node.Lifetime;
        _serving = ControlPlaneNode.RunAsync(node, CancellationToken.None);
    }

    /// <summary>
    /// Starts both; when this returns, the plane answers. What the node logs from <paramref name="nodeLog"/> up goes to standard
    /// error; the replay of a long journal is told to <paramref name="replay"/>.
    /// </summary>
    public static async Task<LocalPlane> StartAsync(
        IPEndPoint listen, IPEndPoint gate, string data, int partitions, LogLevel nodeLog, IProgress<ReplayProgress> replay, CancellationToken cancellation)
    {
        var options = new NodeOptions
        {
            Name = "dev",
            Listen = listen,
            DataDirectory = Path.Combine(data, "plane"),
            Partitions = partitions,
            SnapshotEveryEntries = 200_000,
            KeepEntries = 2_000_000,
            DrainTimeout = TimeSpan.FromSeconds(5),
            Journals = ["dev"],
            OtlpEndpoint = null,
        };
        var node = ControlPlaneNode.Build(options, builder =>
        {
            StderrLogging.Apply(builder.Logging, LogLevel.Warning);
            builder.Logging.AddFilter("ControlPlane.Server", nodeLog);
            CommandLifetime.Apply(builder.Services);
            builder.Services.AddSingleton(replay);
        });
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Lifetime.ApplicationStarted.Register(started.SetResult);
        var plane = new LocalPlane(node);
        await Task.WhenAny(started.Task, plane._serving).WaitAsync(cancellation);
        await plane.ThrowIfFailedAsync();
        await plane.StartWorkerAsync($"http://{listen}", gate, Path.Combine(data, "worker"), cancellation);
        return plane;
    }

    /// <summary>Until <paramref name="cancellation"/>, or until the node ends by a fault (which throws).</summary>
    public async Task ServeAsync(CancellationToken cancellation)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(cancelled.SetResult);
        await Task.WhenAny(_serving, cancelled.Task);
        await ThrowIfFailedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await _worker.StopAsync();
            await _worker.DisposeAsync();
        }

        if (!_serving.IsCompleted)
        {
            _lifetime.StopApplication();
        }

        await _serving;
    }

    private async Task StartWorkerAsync(string plane, IPEndPoint gate, string data, CancellationToken cancellation)
    {
        var options = new WorkerAgentOptions { Name = "local", GateListen = gate.ToString(), DataDirectory = data, PlaneAddresses = { plane } };
        _worker = WorkerHost.Build(options, builder =>
        {
            StderrLogging.Apply(builder.Logging, LogLevel.Warning);
            CommandLifetime.Apply(builder.Services);
        });
        await _worker.StartAsync(cancellation);
    }

    /// <summary>Throws what the process must end with if the node has stopped, or is about to stop, by a fault.</summary>
    public async Task ThrowIfFailedAsync()
    {
        if (_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await Task.WhenAny(_serving);
        }

        if (_serving.IsCompleted && await _serving is var code and not NodeExitCode.Success)
        {
            throw new HostingException((ExitCode)(int)code, "NODE_FAILED", "the node has ended; its last log line says why", "The journal was left as it is; its inspector tells more.");
        }
    }
}
