using System.Globalization;
using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>
/// Three nodes and a worker, each a process of its own (<c>cpctl serve</c>, <c>cpctl worker</c>), on ports and in directories that stay the same over
/// restarts; any node may be killed, stopped and started again. Disposing it ends them and all sandboxes. Nodes are named by their number, from 0.
/// </summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    public const int Nodes = 3;

    private readonly int _port = LoopbackPorts.TakeBlock((2 * Nodes) + 1);
    private readonly CapturedProcess?[] _nodes = new CapturedProcess?[Nodes];
    private readonly List<ControlPlaneClient> _clients = [];
    private readonly ControlPlaneClient?[] _askers = new ControlPlaneClient?[Nodes];
    private CapturedProcess? _worker;

    public ClusterProcess(string directory) => Root = directory;

    /// <summary>Everything of this cluster lies below.</summary>
    public string Root { get; }

    /// <summary>Not null: everybody shows certificates of this authority.</summary>
    public CertificateDirectory? Certificates { get; init; }

    /// <summary>Not empty: the register is in etcd, at these members.</summary>
    public IReadOnlyList<Uri> Etcd { get; init; } = [];

    /// <summary>Into how many partitions the worker manager is divided.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>True: the nodes are of <c>cpctl journal serve</c>, there is no worker, and <see cref="StartAsync"/> does not wait.</summary>
    public bool JournalsOnly { get; init; }

    public IEnumerable<int> Running => Enumerable.Range(0, Nodes).Where(IsRunning);

    public IReadOnlyList<string> Addresses => [.. Enumerable.Range(0, Nodes).Select(AddressOf)];

    /// <summary>What all processes said, by node.</summary>
    public string Said => string.Concat(Enumerable.Range(0, Nodes).Select(node => $"--- {NameOf(node)}\n{_nodes[node]?.Said}\n")) + $"--- worker\n{_worker?.Said}";

    private string Scheme => Certificates is null ? "http" : "https";

    public static string NameOf(int node) => string.Create(CultureInfo.InvariantCulture, $"node-{node + 1}");

    public string AddressOf(int node) => $"{Scheme}://127.0.0.1:{_port + node}";

    public int PeerPortOf(int node) => _port + Nodes + node;

    public string DataOf(int node) => Path.Combine(Root, NameOf(node));

    /// <summary>The directory of a node's replica of the worker manager's journal.</summary>
    public string ReplicaOf(int node) => Path.Combine(DataOf(node), "wm-0", "replica");

    public CapturedProcess ProcessOf(int node) => _nodes[node] ?? throw new InvalidOperationException($"{NameOf(node)} was not started");

    public bool IsRunning(int node) => _nodes[node] is { HasExited: false };

    /// <summary>Starts everything and waits until a node leads, the others follow, and the worker is connected.</summary>
    public async Task StartAsync()
    {
        if (Certificates is { } certificates)
        {
            await certificates.InitAsync();
            await certificates.IssueAsync(Role.Operator, "root");
            await certificates.IssueAsync(Role.Worker, "worker-1");
            for (var node = 0; node < Nodes; node++)
            {
                await certificates.IssueAsync(Role.Replica, NameOf(node));
            }
        }

        for (var node = 0; node < Nodes; node++)
        {
            await LaunchAsync(node);
        }

        if (JournalsOnly)
        {
            return;
        }

        var files = Certificates is null ? [] : CertificateDirectory.Arguments(Certificates.FilesOf(Role.Worker, "worker-1"));
        _worker = CapturedProcess.Start(
            Cpctl.CommandLine([
                "worker", "--address", string.Join(',', Addresses), "--gate", $"127.0.0.1:{_port + (2 * Nodes)}",
                "--data", Path.Combine(Root, "worker"), .. files]),
            Root);
        await SettleAsync();
    }

    /// <summary>Starts a node that does not run; it need not become ready.</summary>
    public async Task LaunchAsync(int node)
    {
        Assert.False(IsRunning(node), "a node is started when it does not run");
        if (_nodes[node] is { } before)
        {
            await before.DisposeAsync();
        }

        var file = Path.Combine(Root, $"{NameOf(node)}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(ConfigurationOf(node)), TestContext.Current.CancellationToken);
        _nodes[node] = CapturedProcess.Start(Cpctl.CommandLine([.. JournalsOnly ? ["journal"] : Array.Empty<string>(), "serve", "--config", file]), Root);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(int node)
    {
        ProcessOf(node).Kill();
        await ProcessOf(node).ExitAsync();
    }

    /// <summary>A stop in good order: what the node leads goes to another.</summary>
    public async Task StopAsync(int node)
    {
        ProcessOf(node).Terminate();
        var code = await ProcessOf(node).ExitAsync();
        Assert.True(code == 0, $"{NameOf(node)} ended with {code}:\n{ProcessOf(node).Said}");
    }

    /// <summary>A client of all nodes that shows, with TLS, a tenant's certificate of its name; an operator's if it has none.</summary>
    public async Task<ControlPlaneClient> NewClientAsync(string tenant = "", TimeSpan? deadline = null)
    {
        var files = Certificates is null ? null
            : tenant.Length == 0 ? Certificates.FilesOf(Role.Operator, "root")
            : await Certificates.IssueAsync(Role.Tenant, tenant, renew: true);
        return Keep(new ControlPlaneClient(new ControlPlaneClientOptions
        {
            Addresses = Addresses,
            Tenant = tenant.Length == 0 ? "default" : tenant,
            Tls = files,
            Deadline = deadline ?? TimeSpan.FromSeconds(30),
        }));
    }

    /// <summary>What a node says of itself in a partition; null if it does not answer.</summary>
    public async Task<GetStatusResponse?> StatusAsync(int node, uint partition = 0)
    {
        var asker = _askers[node] ??= Keep(new ControlPlaneClient(new ControlPlaneClientOptions
        {
            Addresses = [AddressOf(node)],
            Tls = Certificates?.FilesOf(Role.Operator, "root"),
            Deadline = TimeSpan.FromSeconds(2),
            Retry = new RetryPolicy { AttemptsMax = 1 },
        }));
        try
        {
            return IsRunning(node) ? await asker.Operator.GetStatusAsync(new PartitionId(partition), TestContext.Current.CancellationToken) : null;
        }
        catch (ControlPlaneException)
        {
            return null;
        }
    }

    /// <summary>The node that leads a partition, as soon as one says so.</summary>
    public async Task<int> LeaderAsync(uint partition = 0)
    {
        int? leader = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                foreach (var node in Running)
                {
                    leader = (await StatusAsync(node, partition))?.Role == "leader" ? node : leader;
                }

                return leader is not null;
            },
            () => $"a node leads; they said:\n{Said}");
        return leader!.Value;
    }

    /// <summary>
    /// Waits until in every partition all nodes that run are whole, follow one of them, and have the very same state; the first one's leader, and what it says.
    /// </summary>
    public async Task<(int Leader, GetStatusResponse Status)> SettleAsync()
    {
        for (var partition = 1u; partition < Partitions; partition++)
        {
            await SettleAsync(partition);
        }

        return await SettleAsync(0);
    }

    private async Task<(int Leader, GetStatusResponse Status)> SettleAsync(uint partition)
    {
        (int, GetStatusResponse)? settled = null;
        var seen = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.True(Running.Any() && _worker is { HasExited: false }, $"no node runs, or no worker:\n{Said}");
                var all = new Dictionary<int, GetStatusResponse>();
                foreach (var node in Running)
                {
                    if (await StatusAsync(node, partition) is { } answer)
                    {
                        all[node] = answer;
                    }
                }

                seen = string.Join('\n', all.Values);
                var leaders = all.Where(one => one.Value.Role == "leader").ToList();
                if (all.Count != Running.Count() || leaders.Count != 1 || leaders[0].Value.Workers == 0)
                {
                    return false;
                }

                var (leader, status) = leaders[0];
                settled = (leader, status);
                return status.Replicas.Count(replica => replica is { Standing: "following", IsMember: true, IsWhole: true }) == all.Count - 1
                    && all.Values.All(answer => (answer.Committed, answer.StateHash) == (status.Committed, status.StateHash));
            },
            () => $"the nodes that run settle; they tell:\n{seen}\nand said:\n{Said}");
        return settled!.Value;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (var process in _nodes.Append(_worker).OfType<CapturedProcess>())
        {
            await process.DisposeAsync();
        }

        await RunningProcesses.EndAllAsync(Root);
    }

    private ControlPlaneClient Keep(ControlPlaneClient client)
    {
        _clients.Add(client);
        return client;
    }

    private Dictionary<string, object> ConfigurationOf(int node)
    {
        var cluster = new Dictionary<string, object>
        {
            ["Name"] = "e2e",
            ["Nodes"] = Enumerable.Range(0, Nodes).Select(other => $"{NameOf(other)}=127.0.0.1:{PeerPortOf(other)}").ToArray(),
        };
        var configuration = new Dictionary<string, object>
        {
            ["Name"] = NameOf(node),
            ["Listen"] = $"127.0.0.1:{_port + node}",
            ["DataDirectory"] = DataOf(node),
            ["Partitions"] = Partitions,
            ["Journals"] = new[] { "jobs" },
            ["Cluster"] = cluster,
        };
        if (Etcd.Count > 0)
        {
            cluster["Register"] = "etcd";
            cluster["Etcd"] = Etcd.Select(member => member.ToString()).ToArray();
        }

        if (Certificates?.FilesOf(Role.Replica, NameOf(node)) is { } files)
        {
            configuration["Tls"] = new Dictionary<string, object> { ["Certificate"] = files.Certificate, ["Key"] = files.Key, ["Ca"] = files.Ca };
        }

        return configuration;
    }
}
