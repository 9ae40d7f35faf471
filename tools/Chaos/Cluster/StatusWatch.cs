using ControlPlane.Chaos.Recording;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Chaos.Cluster;

/// <summary>What the nodes said of themselves when they were last asked, recorded as it changes.</summary>
internal sealed class StatusWatch(ChaosCluster cluster, RunRecorder recorder)
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<(string Node, uint Partition), RunEvent> _last = [];
    private readonly Lock _lock = new();

    /// <summary>The newest of each node, of the first partition; null for one that does not answer.</summary>
    public IReadOnlyList<RunEvent?> Newest
    {
        get
        {
            lock (_lock)
            {
                return [.. cluster.Nodes.Select(node => _last.TryGetValue((node.Name, 0u), out var known) && known.Role is not null ? known : null)];
            }
        }
    }

    /// <summary>Asks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            for (var partition = 0u; partition < cluster.Partitions; partition++)
            {
                var asked = partition;
                await Task.WhenAll(cluster.Nodes.Select(async node => Note(node.Name, asked, await node.StatusAsync(asked, cancellation))))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await Task.Delay(AskInterval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Note(string node, uint partition, GetStatusResponse? status)
    {
        var now = new RunEvent
        {
            Kind = EventKind.Status,
            Node = node,
            Partition = partition,
            Role = status?.Role,
            Epoch = status?.Epoch,
            Committed = status?.Committed,
        };
        lock (_lock)
        {
            if (_last.TryGetValue((node, partition), out var before) && before == now)
            {
                return;
            }

            _last[(node, partition)] = now;
        }

        recorder.Add(now);
    }
}
