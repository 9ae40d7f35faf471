using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using ControlPlane.Primitives;
using ControlPlane.Security;
using ControlPlane.Worker.Processes;
using ControlPlane.Worker.RuntimeApi;
using ControlPlane.Worker.Sandboxes;
using ControlPlane.Worker.Session;
using ControlPlane.Worker.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker;

/// <summary>
/// A worker, as part of any host: holds its data directory, revives what an earlier agent left, then keeps a session with the
/// plane until the host stops; then ends every process it started.
/// </summary>
internal sealed class WorkerAgent : IHostedService, IAsyncDisposable
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly IServer _server;
    private readonly AgentDirectory _directory;
    private readonly RuntimeApiServer _runtimeApi;
    private readonly Poller _poller = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly MemoryWatch _memory;
    private Task _background = Task.CompletedTask;
    private bool _disposed;

    /// <exception cref="DirectoryInUseException">Another agent holds the data directory.</exception>
    public WorkerAgent(
        WorkerAgentOptions options, IHostApplicationLifetime lifetime, IServer server, ILoggerFactory loggers, IMeterFactory meters, TimeProvider time,
        TlsSettings? tls = null)
    {
        Options = options;
        Tls = tls;
        Time = time;
        Logger = loggers.CreateLogger("ControlPlane.Worker");
        Incarnation = new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        _lifetime = lifetime;
        _server = server;
        _directory = new AgentDirectory(options.DataDirectory, Logger);
        _runtimeApi = new RuntimeApiServer(loggers);
        Metrics = new WorkerMetrics(meters, () => Sandboxes!.Count);
        Sandboxes = new SandboxTable(_directory, new SandboxSurroundings(options, _runtimeApi, _poller, Reports, Metrics, time, Logger));
        _memory = new MemoryWatch(Sandboxes, options.Sandbox.MemoryLookInterval, time, Logger);
    }

    public WorkerAgentOptions Options { get; }

    /// <summary>How the plane is dialled; null: in plaintext, on this machine.</summary>
    public TlsSettings? Tls { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public WorkerMetrics Metrics { get; }

    public Reports Reports { get; } = new();

    public SandboxTable Sandboxes { get; }

    /// <summary>New at each start.</summary>
    public UInt128 Incarnation { get; }

    /// <summary>The partition's highest reign that was ever served.</summary>
    public Epoch HighestEpochOf(PartitionId partition) => _directory.HighestEpochOf(partition);

    /// <summary>Must return before a leader of this epoch is obeyed.</summary>
    public void RaiseEpoch(PartitionId partition, Epoch epoch) => _directory.RaiseEpoch(partition, epoch);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _runtimeApi.StartAsync(cancellationToken);
        Sandboxes.Revive(await _directory.RecoverAsync(Options.Sandbox.KillGrace, Time));

        // The plane is told where the gate is, so the gate must listen first.
        _lifetime.ApplicationStarted.Register(() => _background = RunAsync(_stopping.Token));
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Sandboxes.StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The container knows the agent under two registrations and disposes it for each.
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        // A host that is disposed without having been stopped must leave no process behind either.
        await StopAsync(CancellationToken.None);
        await _runtimeApi.DisposeAsync();
        _poller.Dispose();
        _stopping.Dispose();
        _directory.Dispose();
    }

    private async Task RunAsync(CancellationToken cancelled)
    {
        var endpoint = Options.AdvertisedEndpoint ?? _server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        Invariant.Check(endpoint is not null, "the host that maps the gate listens somewhere");
        WorkerLog.Started(
            Logger, Options.Name, Identifier128.Format(Incarnation), endpoint, Path.GetFullPath(Options.DataDirectory), Options.Sandbox.MemoryLookInterval);
        if (Options.DangerouslyServePlaintextToTheNetwork)
        {
            WorkerLog.PlaintextOnTheNetwork(Logger, endpoint);
        }

        Task[] parts = [_memory.RunAsync(cancelled), new PlaneSessions(this, endpoint).RunAsync(cancelled)];
        try
        {
            await await Task.WhenAny(parts);
        }
        catch (Exception e) when (!cancelled.IsCancellationRequested)
        {
            // Neither ends by itself: the program has contradicted itself, and an agent that only seems to work is worse than none.
            WorkerLog.AgentFault(Logger, e);
            _lifetime.StopApplication();
        }
        finally
        {
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
