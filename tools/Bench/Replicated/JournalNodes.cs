using System.Text.Json;
using ControlPlane.Bench.Load;
using ControlPlane.Bench.Nodes;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Bench.Replicated;

/// <summary>A journal for general use at one node, or replicated over several, each a process of its own with its own configuration file.</summary>
internal sealed class JournalNodes : ISubject
{
    public const string Journal = "bench";

    private static readonly TimeSpan LeaderPatience = TimeSpan.FromSeconds(60);
    private readonly string[] _configurations;
    private readonly NodeProcess?[] _nodes;
    private readonly GrpcChannel?[] _channels;
    private readonly int _payloadBytes;

    private JournalNodes(string[] configurations, int payloadBytes)
    {
        _configurations = configurations;
        _nodes = new NodeProcess?[configurations.Length];
        _channels = new GrpcChannel?[configurations.Length];
        _payloadBytes = payloadBytes;
    }

    public string Name => _nodes.Length == 1 ? "journal, 1 replica" : $"journal, {_nodes.Length} replicas";

    public IReadOnlyList<int> Processes => [.. _nodes.OfType<NodeProcess>().Select(node => node.Id)];

    public int Count => _nodes.Length;

    /// <summary>Starts them in new directories; on return one leads.</summary>
    public static async Task<JournalNodes> StartAsync(string directory, int count, int payloadBytes, CancellationToken cancellation)
    {
        var ports = FreePorts.Choose(2 * count);
        var nodes = new JournalNodes([.. Enumerable.Range(0, count).Select(index => Configure(directory, ports, index))], payloadBytes);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(index => nodes.StartNodeAsync(index, cancellation)));
            await nodes.LeaderAsync(cancellation);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection to a node that runs.</summary>
    public GrpcChannel ChannelTo(int index) => _channels[index] ?? throw new InvalidOperationException("The node does not run.");

    public async Task StartNodeAsync(int index, CancellationToken cancellation)
    {
        var node = await NodeProcess.StartAsync([ServeReplicaForBench.Command, _configurations[index]], cancellation);
        _nodes[index] = node;
        _channels[index] = GrpcChannel.ForAddress(node.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
        });
    }

    public async Task StopNodeAsync(int index)
    {
        _channels[index]?.Dispose();
        _channels[index] = null;
        if (_nodes[index] is { } node)
        {
            await node.DisposeAsync();
        }

        _nodes[index] = null;
    }

    /// <summary>The node that answers for the committed tail, which only a leader can, as soon as there is one.</summary>
    public async Task<int> LeaderAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LeaderPatience);
        while (true)
        {
            for (var index = 0; index < Count; index++)
            {
                if (_channels[index] is { } channel && await LeadsAsync(channel, patience.Token))
                {
                    return index;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    public async Task<ILoad> ConnectAsync(int concurrency, CancellationToken cancellation) =>
        new AppendLoad(ChannelTo(await LeaderAsync(cancellation)), Journal, _payloadBytes);

    /// <summary>A load over one stream of the client library, to whoever leads now.</summary>
    public async Task<ILoad> ConnectStreamAsync(CancellationToken cancellation)
    {
        var leader = _nodes[await LeaderAsync(cancellation)]!.Address;
        var others = _nodes.OfType<NodeProcess>().Select(node => node.Address).Where(address => address != leader);
        return new StreamedAppendLoad(new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [leader.OriginalString.TrimEnd('/'), .. others.Select(other => other.OriginalString.TrimEnd('/'))] }), Journal, _payloadBytes);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel?.Dispose();
        }

        await Task.WhenAll(_nodes.OfType<NodeProcess>().Select(node => node.DisposeAsync().AsTask()));
    }

    private static async Task<bool> LeadsAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        try
        {
            await new Protocol.V1.Journal.JournalClient(channel).CheckTailAsync(
                new CheckTailRequest { Journal = Journal }, deadline: DateTime.UtcNow.AddSeconds(2), cancellationToken: cancellation);
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }

    private static string Configure(string directory, int[] ports, int index)
    {
        var count = ports.Length / 2;
        var name = $"node-{index + 1}";
        var configuration = new Dictionary<string, object>
        {
            ["Name"] = name,
            ["Listen"] = $"127.0.0.1:{ports[index]}",
            ["DataDirectory"] = Path.Combine(directory, $"{count}-{name}"),
            ["Journals"] = new[] { Journal },
            ["DrainTimeoutMs"] = 2000,
        };
        if (count > 1)
        {
            configuration["Cluster"] = new Dictionary<string, object>
            {
                ["Name"] = "bench",
                ["Nodes"] = Enumerable.Range(0, count).Select(node => $"node-{node + 1}=127.0.0.1:{ports[count + node]}").ToArray(),
            };
        }

        var file = Path.Combine(directory, $"{count}-{name}.json");
        File.WriteAllText(file, JsonSerializer.Serialize(configuration));
        return file;
    }
}
