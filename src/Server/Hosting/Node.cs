using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Services;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>What lives as long as the node serves: the worker manager's partitions, and the journals for general use.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly List<PartitionHost> _partitions = [];
    private readonly List<JournalHost> _hosts = [];
    private PeerMesh? _mesh;

    private Node()
    {
    }

    /// <summary>The worker manager.</summary>
    public ServedPartitions Partitions { get; private set; } = null!;

    /// <summary>All journals, the worker manager's own first.</summary>
    public HostedJournals Journals { get; private set; } = new([]);

    /// <summary>Every part that can fail: each task faults if its journal does.</summary>
    public IEnumerable<Task> Completions => [.. _partitions.Select(partition => partition.Completion), .. _hosts.Select(host => host.Completion)];

    /// <summary>
    /// Opens everything and replays; a node alone then leads, one of several follows. Blocks for as long as that takes; on failure nothing is left open.
    /// </summary>
    public static async Task<Node> OpenAsync(
        NodeOptions options, NodeCluster? cluster, TlsSettings? tls, IDisk disk, TimeProvider time, IProgress<ReplayProgress>? replay, ILogger logger)
    {
        var progress = new ReplayLog(logger, time, replay);
        var node = new Node();
        try
        {
            foreach (var partition in options.WorkerManager ? new PartitionMap(options.Partitions).All : [])
            {
                var partitionOptions = new PartitionHostOptions
                {
                    Partition = partition,
                    Node = options.Name,
                    Core = options.Core,
                    SnapshotInterval = options.SnapshotEveryEntries,
                    KeepEntries = options.KeepEntries,
                    Journal = EngineOptions(options, NodeOptions.OwnedJournal(partition), partition.Value, cluster, disk, progress),
                };
                node._partitions.Add(PartitionHost.Start(partitionOptions, time));
            }

            if (options.WorkerManager)
            {
                PartitionDirectories.Mark(options, disk);
            }

            node.Partitions = new ServedPartitions(node._partitions, time);
            var journals = new List<HostedJournal>();
            foreach (var partition in node.Partitions.All)
            {
                var hosted = partition.Host;
                journals.Add(new HostedJournal(NodeOptions.OwnedJournal(hosted.Options.Partition), hosted.Options.Journal.Directory, hosted.Journal, Host: null, partition));
            }

            foreach (var name in options.Journals)
            {
                var engineOptions = EngineOptions(options, name, 0, cluster, disk, progress);
                var host = JournalHost.Open(engineOptions, time);
                node._hosts.Add(host);
                journals.Add(new HostedJournal(name, engineOptions.Directory, host.Engine, host, Partition: null));
            }

            foreach (var journal in journals)
            {
                foreach (var finding in journal.Engine.RecoveryReport)
                {
                    logger.Recovered(journal.Name, finding);
                }
            }

            node.Journals = new HostedJournals(journals);

            // Last: from now on the others may ask for anything that is kept here.
            node._mesh = cluster?.Dial(tls, time, logger);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes what is open; what was answered is durable already.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_mesh is not null)
        {
            await _mesh.DisposeAsync();
        }

        Partitions?.Dispose();
        foreach (var partition in _partitions)
        {
            await partition.DisposeAsync();
        }

        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private static JournalEngineOptions EngineOptions(
        NodeOptions options, string journal, uint number, NodeCluster? cluster, IDisk disk, ReplayLog progress)
    {
        var directory = Path.Combine(options.DataDirectory, journal);
        DataDirectory.Make(disk, directory);
        var engine = new JournalEngineOptions
        {
            Directory = directory,
            Disk = disk,
            Progress = seen => progress.Report(journal, seen),
            SnapshotProgress = (received, total) => progress.ReportSnapshot(journal, received, total),
        };
        return cluster is null ? engine : engine with { Cluster = cluster.Id, Group = cluster.GroupOf(journal, number) };
    }
}
