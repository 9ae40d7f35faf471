using ControlPlane.Bench.Nodes;
using ControlPlane.Protocol.V1;
using Grpc.Net.Client;

namespace ControlPlane.Bench.Commands;

/// <summary>A node in its own process, a simulated worker, a function, and a channel to call them by.</summary>
internal sealed class BenchSetup : IAsyncDisposable
{
    public const string Function = "bench";
    private const uint Sandboxes = 512;

    private readonly DirectoryInfo _directory;
    private readonly SimulatedWorker _worker;

    private BenchSetup(DirectoryInfo directory, NodeProcess node, GrpcChannel channel, SimulatedWorker worker)
    {
        _directory = directory;
        Node = node;
        Channel = channel;
        _worker = worker;
    }

    public NodeProcess Node { get; }

    public GrpcChannel Channel { get; }

    public string Directory => _directory.FullName;

    public static async Task<BenchSetup> StartAsync(string parent, CancellationToken cancellation)
    {
        var directory = System.IO.Directory.CreateDirectory(Path.Combine(parent, $"controlplane-bench-{Environment.ProcessId}"));
        var node = await NodeProcess.StartAsync([ServeForBench.Command, directory.FullName], cancellation);
        var channel = GrpcChannel.ForAddress(node.Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
        });
        await new Operator.OperatorClient(channel).DeployFunctionAsync(
            new DeployFunctionRequest
            {
                Function = new FunctionSpec { Name = Function, Command = { "./bootstrap" }, CodePath = "/", MemoryMib = 128, TimeoutMs = 1000 },
                WarmTarget = 128,
            },
            cancellationToken: cancellation);
        var worker = await SimulatedWorker.ConnectAsync(channel, "bench-worker", Sandboxes, cancellation);
        return new BenchSetup(directory, node, channel, worker);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        Channel.Dispose();
        await Node.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
