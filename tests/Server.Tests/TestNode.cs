using System.Net;
using ControlPlane.Journal.Disk;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Tests;

/// <summary>A whole node in this process, on a loopback port that the system chose and in a directory of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly bool _ownsDirectory;

    private TestNode(WebApplication app, DirectoryInfo directory, bool ownsDirectory, Func<Uri, GrpcChannel>? dial)
    {
        (App, _directory, _ownsDirectory) = (app, directory, ownsDirectory);
        Address = ControlPlaneNode.AddressOf(app);
        Channel = dial?.Invoke(Address) ?? PlainChannel.To(Address);
        Allocator = new Allocator.AllocatorClient(Channel);
        Operator = new Operator.OperatorClient(Channel);
        Inspect = new Inspect.InspectClient(Channel);
        Journal = new Protocol.V1.Journal.JournalClient(Channel);
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public Allocator.AllocatorClient Allocator { get; }

    public Operator.OperatorClient Operator { get; }

    public Inspect.InspectClient Inspect { get; }

    public Protocol.V1.Journal.JournalClient Journal { get; }

    /// <summary>The worker manager's partition inside the node.</summary>
    public PartitionHost Partition => App.Services.GetRequiredService<NodeLifetime>().Node.Partitions.All[0].Host;

    /// <summary>Cancelled when the running test is.</summary>
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestNode> StartAsync(
        DirectoryInfo? directory = null, IDisk? disk = null, TimeProvider? time = null, IProgress<ReplayProgress>? replay = null,
        TlsFiles? tls = null, Func<Uri, GrpcChannel>? dial = null, int partitions = 1)
    {
        var home = directory ?? Directory.CreateTempSubdirectory("node-");
        var options = new NodeOptions
        {
            Name = "test",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            DataDirectory = home.FullName,
            Partitions = partitions,
            SnapshotEveryEntries = 0,
            DrainTimeout = TimeSpan.FromSeconds(10),
            Journals = ["jobs"],
            OtlpEndpoint = null,
            Tls = tls,
        };
        var app = ControlPlaneNode.Build(options, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(disk ?? new PhysicalDisk());
            builder.Services.AddSingleton(time ?? TimeProvider.System);
            if (replay is not null)
            {
                builder.Services.AddSingleton(replay);
            }
        });
        await app.StartAsync(Cancellation);
        return new TestNode(app, home, directory is null, dial);
    }

    /// <summary>A request that is in order, with an id of its own.</summary>
    public static AllocateRequest Request(string function = "echo") => new()
    {
        RequestId = NewId(),
        Tenant = "acme",
        Function = function,
    };

    public static Google.Protobuf.ByteString NewId() => Google.Protobuf.ByteString.CopyFrom(Guid.NewGuid().ToByteArray());

    /// <summary>The worker manager's next journal position: what it was before and after a call tells whether the call left a trace.</summary>
    public async Task<ulong> TailAsync(string journal = "wm-0") =>
        (await Journal.CheckTailAsync(new CheckTailRequest { Journal = journal }, cancellationToken: Cancellation)).Tail;

    /// <summary>Everything that a stream still gives.</summary>
    public static async Task<List<T>> CollectAsync<T>(IAsyncStreamReader<T> stream)
    {
        var all = new List<T>();
        while (await stream.MoveNext(Cancellation))
        {
            all.Add(stream.Current);
        }

        return all;
    }

    public async Task DeployAsync(string function = "echo", uint warmTarget = 0) => await Operator.DeployFunctionAsync(
        new DeployFunctionRequest
        {
            Function = new FunctionSpec { Name = function, Command = { "./bootstrap" }, CodePath = "/srv/echo" },
            WarmTarget = warmTarget,
        },
        cancellationToken: Cancellation);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        if (_ownsDirectory)
        {
            _directory.Delete(recursive: true);
        }
    }
}
