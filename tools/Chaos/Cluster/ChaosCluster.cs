using System.Globalization;
using System.Net;
using System.Text.Json;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Processes;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Cluster;

/// <summary>Real nodes and workers, each a process of its own, on a network and disks that can be made bad. Nothing of it outlives it.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>The journal for general use.</summary>
    public const string Journal = "chaos";

    private const int SmallDiskMebibytes = 1_024;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<SmallDisk> _disks = [];
    private readonly RunDirectory _directory;
    private readonly ClusterShape _shape;

    private ChaosCluster(RunDirectory directory, Scenario scenario, ClusterPlan plan, RunRecorder recorder)
    {
        (_directory, _shape, Plan) = (directory, scenario.Cluster, plan);
        var block = new LoopbackBlock();
        var addresses = Enumerable.Range(0, (int)_shape.Nodes).Select(_ => block.Next()).ToArray();
        IPEndPoint[] peers = [.. addresses.Select(block.Port)];
        IPEndPoint[] fronts = [.. addresses.Select(block.Port)];
        var draws = 0L;
        Network = new ClusterNetwork(peers, fronts, plan.RelaysBetweenNodes, plan.RelaysBeforeNodes, () => Draws.Share(scenario.Seed, "links", Interlocked.Increment(ref draws)));
        Addresses = [.. fronts.Select((front, node) => $"http://{Network.Between(ClusterNetwork.Outside, node) ?? front}")];
        Nodes = [.. Enumerable.Range(0, fronts.Length).Select(Node)];
        Workers = [.. Enumerable.Range(1, (int)_shape.Workers).Select(Worker)];

        ChaosNode Node(int index)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"node-{index + 1}");
            var place = new NodePlace(index, fronts[index], peers[index], In($"{name}.json"), Path.Combine(In(name), "data"), plan.FaultNodes, plan.Volatile);
            string[] seen = [.. peers.Select((peer, other) => string.Create(CultureInfo.InvariantCulture, $"node-{other + 1}={(other == index ? peer : Network.Between(index, other) ?? peer)}"))];
            Directory.CreateDirectory(In(name));
            File.WriteAllText(place.Configuration, JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["Name"] = name,
                ["Listen"] = place.Front.ToString(),
                ["DataDirectory"] = place.Data,
                ["Partitions"] = _shape.Partitions,
                ["Journals"] = new[] { Journal },
                ["KeepEntries"] = 0,
                ["Cluster"] = new Dictionary<string, object> { ["Name"] = "chaos", ["Nodes"] = seen, ["Listen"] = place.Peers.ToString(), ["ClientAddress"] = Addresses[index] },
            }));
            return new ChaosNode(name, place, Path.Combine(directory.Logs, $"{name}.log"), recorder);
        }

        ChaosWorker Worker(int number)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"worker-{number}");
            var slots = _shape.Slots.ToString(CultureInfo.InvariantCulture);
            var commandLine = BuiltPrograms.Cpctl(
                "worker", "--name", name, "--address", string.Join(',', Addresses), "--gate", block.Port(block.Next()).ToString(), "--data", In(name), "--sandboxes", slots, "--memory", "1048576");
            return new ChaosWorker(name, commandLine, Path.Combine(directory.Logs, $"{name}.log"), recorder);
        }
    }

    public ClusterPlan Plan { get; }

    public IReadOnlyList<ChaosNode> Nodes { get; }

    public IReadOnlyList<ChaosWorker> Workers { get; }

    public IEnumerable<ClusterMember> Members => [.. Nodes, .. Workers];

    public ClusterNetwork Network { get; }

    /// <summary>Where clients and workers reach the nodes.</summary>
    public IReadOnlyList<string> Addresses { get; }

    public uint Partitions => (uint)_shape.Partitions;

    /// <summary>The journals of which every node has a replica: their names, and where they lie in a node's data.</summary>
    public IEnumerable<string> Journals => [.. Enumerable.Range(0, (int)Partitions).Select(partition => string.Create(CultureInfo.InvariantCulture, $"wm-{partition}")), Journal];

    /// <summary>Starts everything; on return a node leads, all follow, and the workers are connected.</summary>
    public static async Task<ChaosCluster> StartAsync(RunDirectory directory, Scenario scenario, ClusterPlan plan, RunRecorder recorder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory.Logs);
        Directory.CreateDirectory(directory.Cluster);
        var cluster = new ChaosCluster(directory, scenario, plan, recorder);
        try
        {
            for (var node = 0; plan.SmallDisks && node < cluster.Nodes.Count; node++)
            {
                cluster._disks.Add(await SmallDisk.MountAsync(cluster.In(cluster.Nodes[node].Name), SmallDiskMebibytes, cancellation));
            }

            foreach (var member in cluster.Members)
            {
                member.Start();
            }

            if (await cluster.SettleAsync(StartPatience, exactly: false, cancellation) is { } lacking)
            {
                throw new ChaosException(ExitCode.Internal, $"the plane did not start within {StartPatience.TotalSeconds} s: {lacking}; the logs are in {directory.Logs}");
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The disk of a node, if it has one of its own.</summary>
    public SmallDisk? DiskOf(ChaosNode node) => _disks.ElementAtOrDefault(node.Place.Index);

    /// <summary>A client as a user has one.</summary>
    public ControlPlaneClient NewClient(string tenant, TimeSpan deadline) =>
        new(new ControlPlaneClientOptions { Addresses = Addresses, Tenant = tenant, Deadline = deadline });

    /// <summary>The node that leads a partition, or null.</summary>
    public async Task<ChaosNode?> LeaderAsync(uint partition, CancellationToken cancellation)
    {
        var statuses = await Task.WhenAll(Nodes.Select(async node => (node, Status: await node.StatusAsync(partition, cancellation))));
        return statuses.Where(one => one.Status?.Role == "leader").OrderByDescending(one => one.Status!.Epoch).FirstOrDefault().node;
    }

    /// <summary>
    /// Waits until in every partition all nodes follow one of them, whole, and the workers are connected; with <paramref name="exactly"/>, until all
    /// say that they have the very same journal and state. What is lacking after <paramref name="patience"/>, or null.
    /// </summary>
    public async Task<string?> SettleAsync(TimeSpan patience, bool exactly, CancellationToken cancellation)
    {
        var until = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            string? lacking = null;
            for (var partition = 0u; partition < Partitions && lacking is null; partition++)
            {
                lacking = await LackingAsync(partition, exactly, cancellation);
            }

            if (lacking is null || Environment.TickCount64 > until)
            {
                return lacking;
            }

            await Task.Delay(LookInterval, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Network.HealAll();
        await Task.WhenAll(Members.Select(member => member.DisposeAsync().AsTask()));
        await Network.DisposeAsync();
        foreach (var disk in _disks)
        {
            await disk.DisposeAsync();
        }
    }

    private async Task<string?> LackingAsync(uint partition, bool exactly, CancellationToken cancellation)
    {
        var statuses = await Task.WhenAll(Nodes.Select(node => node.StatusAsync(partition, cancellation)));
        var silent = Nodes.Where((_, node) => statuses[node] is null).Select(node => node.Name).ToList();
        if (silent.Count > 0)
        {
            return $"{string.Join(", ", silent)} says nothing in partition {partition}";
        }

        var leaders = statuses.Where(status => status!.Role == "leader").ToList();
        if (leaders.Count != 1)
        {
            return $"{leaders.Count} nodes lead partition {partition}";
        }

        var leader = leaders[0]!;
        var following = leader.Replicas.Count(replica => replica is { Standing: "following", IsMember: true, IsWhole: true } && replica.Durable + 1_000 >= leader.Committed);
        if (following != Nodes.Count - 1)
        {
            return $"{following} of {Nodes.Count - 1} nodes follow {leader.Node}, whole, in partition {partition}";
        }

        if (leader.Workers < (ulong)Workers.Count(worker => worker.IsRunning))
        {
            return $"{leader.Workers} of {Workers.Count} workers are known in partition {partition}";
        }

        return exactly && statuses.Select(status => (status!.Committed, status.StateHash)).Distinct().Count() > 1
            ? $"the nodes differ in partition {partition}: {string.Join(", ", statuses.Select(status => $"{status!.Node} has {status.Committed} and {status.StateHash}"))}"
            : null;
    }

    private string In(string name) => Path.Combine(_directory.Cluster, name);
}
