using System.Net;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Cpctl;

/// <summary>Several nodes, each a process of its own, and a worker in this process: a cluster on one machine.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    /// <summary>Between the ports for clients and those for peers.</summary>
    private const int PeerPorts = 10;
    private const int GatePort = 20;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly IPEndPoint _first;
    private readonly string _data;
    private readonly PartitionMap _partitions;
    private readonly Dictionary<string, ControlPlaneClient> _clients = [];
    private readonly PeerRelays? _relays;
    private WebApplication? _worker;

    private LocalCluster(IPEndPoint first, int nodes, int partitions, string data, bool canBeCut)
    {
        (_first, _data, _partitions) = (first, data, new PartitionMap(partitions));
        _relays = canBeCut ? new PeerRelays([.. Enumerable.Range(0, nodes).Select(PeerOf)]) : null;
        Directory.CreateDirectory(data);
        Nodes = [.. Enumerable.Range(0, nodes).Select(Configure)];
        foreach (var node in Nodes)
        {
            _clients[node.Name] = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [node.Address], Deadline = TimeSpan.FromSeconds(1), Retry = new RetryPolicy { AttemptsMax = 1 } });
        }

        IPEndPoint PeerOf(int index) => new(first.Address, first.Port + PeerPorts + index);
        IPEndPoint SeenFrom(int from, int node) => _relays is null || from == node ? PeerOf(node) : _relays.Address(from, node);
        NodeProcess Configure(int index)
        {
            var address = $"http://{new IPEndPoint(first.Address, first.Port + index)}";
            var file = Path.Combine(data, $"node-{index + 1}.json");
            var configuration = new Dictionary<string, object>
            {
                ["Name"] = $"node-{index + 1}",
                ["Listen"] = new IPEndPoint(first.Address, first.Port + index).ToString(),
                ["DataDirectory"] = Path.Combine(data, $"node-{index + 1}"),
                ["Partitions"] = partitions,
                ["Journals"] = new[] { "dev" },
                ["Cluster"] = new Dictionary<string, object>
                {
                    ["Name"] = "dev",
                    ["Nodes"] = Enumerable.Range(0, nodes).Select(node => $"node-{node + 1}={SeenFrom(index, node)}").ToArray(),
                },
            };
            File.WriteAllText(file, JsonSerializer.Serialize(configuration));
            return new NodeProcess($"node-{index + 1}", address, file, Path.Combine(data, $"node-{index + 1}.log"));
        }
    }

    public IReadOnlyList<NodeProcess> Nodes { get; }

    private PeerRelays Relays => _relays ?? throw new InvalidOperationException("The cluster was not started to be cut.");

    /// <summary>Where clients reach the nodes.</summary>
    public IReadOnlyList<string> Addresses => [.. Nodes.Select(node => node.Address)];

    /// <summary>Starts everything; on return a node leads and the worker is connected.</summary>
    /// <param name="first">Where the first node serves; the others at the ports behind it.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="partitions">Partitions of the worker manager.</param>
    /// <param name="data">Where everything is kept.</param>
    /// <param name="sandboxes">Most sandboxes of the worker.</param>
    /// <param name="canBeCut">The nodes reach each other through relays, which cost latency, so that <see cref="Cut"/> works.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<LocalCluster> StartAsync(
        IPEndPoint first, int nodes, int partitions, string data, int sandboxes, bool canBeCut, CancellationToken cancellation)
    {
        int[] ports = [.. Enumerable.Range(0, nodes), .. Enumerable.Range(PeerPorts, nodes), GatePort];
        foreach (var port in ports)
        {
            ListenAddress.RequireFree(new IPEndPoint(first.Address, first.Port + port), "Another `cpctl dev` may be running: stop it, or choose --address http://127.0.0.1:PORT and --data DIR.");
        }

        var cluster = new LocalCluster(first, nodes, partitions, data, canBeCut);
        try
        {
            foreach (var node in cluster.Nodes)
            {
                node.Start();
            }

            await cluster.LeaderAsync(cancellation);
            await cluster.StartWorkerAsync(sandboxes, cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The partition that is spoken of where none is named.</summary>
    public PartitionId Watched { get; set; }

    /// <summary>The node that leads, as soon as one says so; <paramref name="except"/> is not asked.</summary>
    public Task<NodeProcess> LeaderAsync(CancellationToken cancellation, NodeProcess? except = null) => LeaderAsync(Watched, except, cancellation);

    private async Task<NodeProcess> LeaderAsync(PartitionId partition, NodeProcess? except, CancellationToken cancellation) =>
        await UntilAsync(
            async () =>
            {
                foreach (var node in Nodes.Where(node => node != except))
                {
                    if ((await StatusAsync(node, partition, cancellation))?.Role == "leader")
                    {
                        return node;
                    }
                }

                return null;
            },
            "no node leads",
            cancellation);

    /// <summary>Waits until in every partition all other nodes follow the leader and hold all that it had committed when it was asked.</summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        foreach (var partition in _partitions.All)
        {
            await SettleAsync(partition, cancellation);
        }
    }

    private async Task SettleAsync(PartitionId partition, CancellationToken cancellation) => await UntilAsync(
        async () =>
        {
            var leader = await LeaderAsync(partition, except: null, cancellation);
            var status = await StatusAsync(leader, partition, cancellation);
            return status?.Replicas.Count(replica => replica.Standing == "following" && replica.IsWhole && replica.Durable + 1_000 >= status.Committed) == Nodes.Count - 1 && status.Workers > 0
                ? leader
                : null;
        },
        "not every node follows, or the worker is not connected",
        cancellation);

    /// <summary>What a node says of itself; null if it does not answer.</summary>
    public Task<GetStatusResponse?> StatusAsync(NodeProcess node, CancellationToken cancellation) => StatusAsync(node, Watched, cancellation);

    private async Task<GetStatusResponse?> StatusAsync(NodeProcess node, PartitionId partition, CancellationToken cancellation)
    {
        try
        {
            return node.IsRunning ? await _clients[node.Name].Operator.GetStatusAsync(partition, cancellation) : null;
        }
        catch (ControlPlaneException)
        {
            return null;
        }
    }

    /// <summary>From now on half of what a node and the others say to each other does not arrive.</summary>
    public void Cut(NodeProcess node, Loss loss) => Relays.Cut(Nodes.Index().Single(one => one.Item == node).Index, loss);

    /// <summary>Undoes <see cref="Cut"/>.</summary>
    public void Heal() => Relays.Heal();

    /// <summary>Asks the leader to hand over to whichever node holds most.</summary>
    public async Task HandOverAsync(NodeProcess leader, CancellationToken cancellation)
    {
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [leader.Address], Retry = new RetryPolicy { AttemptsMax = 1 } });
        await client.Operator.HandOverAsync(partition: Watched, cancellation: cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await _worker.StopAsync();
            await _worker.DisposeAsync();
        }

        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        if (_relays is not null)
        {
            await _relays.DisposeAsync();
        }

        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private async Task<NodeProcess> UntilAsync(Func<Task<NodeProcess?>> condition, string otherwise, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(StartPatience);
        try
        {
            while (true)
            {
                if (await condition() is { } found)
                {
                    return found;
                }

                await Task.Delay(LookInterval, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var words = Nodes.Select(node => $"{node.Name}: {node.LastWords()}");
            throw new HostingException(
                ExitCode.Unavailable, "NO_CLUSTER", $"{otherwise} after {StartPatience.TotalSeconds} s; the nodes' last words:{Environment.NewLine}{string.Join(Environment.NewLine, words)}", $"The logs are in {_data}.");
        }
    }

    private async Task StartWorkerAsync(int sandboxes, CancellationToken cancellation)
    {
        var options = new WorkerAgentOptions
        {
            Name = "local",
            GateListen = new IPEndPoint(_first.Address, _first.Port + GatePort).ToString(),
            DataDirectory = Path.Combine(_data, "worker"),
            CapacitySandboxes = sandboxes,
        };
        foreach (var address in Addresses)
        {
            options.PlaneAddresses.Add(address);
        }

        _worker = WorkerHost.Build(options, builder =>
        {
            StderrLogging.Apply(builder.Logging, LogLevel.Error);
            CommandLifetime.Apply(builder.Services);
        });
        await _worker.StartAsync(cancellation);
        await SettleAsync(cancellation);
    }
}
