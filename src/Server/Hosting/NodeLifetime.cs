using System.Diagnostics.Metrics;
using ControlPlane.Journal.Disk;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>
/// Opens the node before the server listens, and closes it after the server has let the last call finish: hosted services
/// stop in the reverse order of their start, and the web server is the last to start.
/// </summary>
internal sealed class NodeLifetime(
    NodeOptions options,
    ServingStatus status,
    FailStop failStop,
    IHostApplicationLifetime lifetime,
    IDisk disk,
    IMeterFactory meters,
    TimeProvider time,
    ILogger<NodeLifetime> logger,
    TlsSettings? tls = null,
    NodeCluster? cluster = null,
    IProgress<ReplayProgress>? replay = null)
    : IHostedLifecycleService
{
    /// <summary>Longest wait for the snapshots at a stop; without it the next start replays more.</summary>
    private static readonly TimeSpan SnapshotPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(2);

    private Node? _node;

    /// <summary>The open node.</summary>
    public Node Node => _node ?? throw new InvalidOperationException("The node is not open.");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        logger.Opening(options.DataDirectory);
        _node = await Task.Run(() => Node.OpenAsync(options, cluster, tls, disk, time, replay, logger), cancellationToken);
        NodeMetrics.Register(meters, _node.Partitions);
        foreach (var completion in _node.Completions)
        {
            _ = WatchAsync(completion);
        }

        lifetime.ApplicationStarted.Register(status.Serving);
        lifetime.ApplicationStopping.Register(() =>
        {
            status.NotServing();
            logger.Stopping();
        });
        foreach (var partition in _node.Partitions.All.Select(served => served.Host))
        {
            logger.Opened(partition.Options.Partition.Value, partition.Committed.Value, time.GetElapsedTime(started));
            partition.LeadershipChanged += leads => Tell(partition, leads);
            if (partition.Leads)
            {
                Tell(partition, leads: true);
            }
        }
    }

    /// <summary>Before the server stops: calls in flight are answered, or told to ask the new leader, while the others can still be reached.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_node is { } node && failStop.Code is null)
        {
            await HandOverAsync(node);
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_node is null)
        {
            return;
        }

        if (failStop.Code is null)
        {
            await TakeLastSnapshotsAsync(_node);
        }

        await _node.DisposeAsync();
        _node = null;
    }

    private void Tell(PartitionHost partition, bool leads)
    {
        if (leads)
        {
            logger.Leading(partition.Options.Partition.Value, partition.Journal.Epoch.Value, partition.Committed.Value);
        }
        else
        {
            logger.LeadsNoMore(partition.Options.Partition.Value, partition.Committed.Value);
        }
    }

    /// <summary>What this node leads goes to others at once, where there are any: nobody waits for a lease to run out because of a planned stop.</summary>
    private async Task HandOverAsync(Node node)
    {
        if (options.Cluster is not { Nodes.Count: > 1 })
        {
            return;
        }

        foreach (var journal in node.Journals.All)
        {
            var outcome = await journal.Engine.HandOverAsync(node: null, HandOverPatience);
            if (outcome != HandOverOutcome.NotReigning)
            {
                logger.HandedOver(journal.Name, outcome);
            }
        }
    }

    private async Task TakeLastSnapshotsAsync(Node node)
    {
        using var patience = new CancellationTokenSource(SnapshotPatience, time);
        try
        {
            foreach (var partition in node.Partitions.All)
            {
                var taken = await partition.Host.TakeSnapshotAsync(patience.Token).WaitAsync(patience.Token);
                logger.Stopped(partition.Host.Options.Partition.Value, taken.Position.Value);
            }
        }
        catch (Exception reason) when (reason is OperationCanceledException or IOException)
        {
            // The journal is complete without it, and it is not worth a longer stop.
            logger.SnapshotSkipped(reason.Message);
        }
    }

    private async Task WatchAsync(Task completion)
    {
        try
        {
#pragma warning disable VSTHRD003 // It is the journal's own end that is waited for.
            await completion;
#pragma warning restore VSTHRD003
        }
#pragma warning disable CA1031 // Whatever the fault is, it ends the node: it is reported there.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            failStop.Trip(fault);
        }
    }
}
