using System.Net.Sockets;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Configuration;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Tests.Hosting;

public sealed class NodeLifetimeTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("node-lifetime-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_restarted_node_knows_every_lease_by_the_same_token()
    {
        var request = TestNode.Request();
        request.MaxWaitMs = 60_000;
        Lease before;
        string hash;
        await using (var node = await TestNode.StartAsync(_directory))
        {
            await node.DeployAsync();
            await using var worker = await TestWorker.ConnectAsync(node);
            before = (await node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation)).Leases.Single();
            hash = (await node.Inspect.StateAtAsync(new StateAtRequest { Position = before.Id.Position }, cancellationToken: TestNode.Cancellation)).StateHash;
        }

        await using var restarted = await TestNode.StartAsync(_directory);

        var after = (await restarted.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation)).Leases.Single();
        Assert.Equal((before.Id, before.Fence, true), (after.Id, after.Fence, after.Replayed));
        var then = await restarted.Inspect.StateAtAsync(new StateAtRequest { Position = before.Id.Position }, cancellationToken: TestNode.Cancellation);
        Assert.Equal(hash, then.StateHash);
    }

    [Fact]
    public async Task A_host_can_follow_the_replay_of_every_journal()
    {
        ulong tail;
        await using (var node = await TestNode.StartAsync(_directory))
        {
            await node.DeployAsync();
            tail = await node.TailAsync();
        }

        var replay = new RecordedReplay();
        await using var restarted = await TestNode.StartAsync(_directory, replay: replay);

        Assert.Contains(replay.Steps, step => step is { Journal: "wm-0", Bytes: > 0 } && step.Entries >= (long)tail - 1);
        Assert.Contains(replay.Steps, step => step.Journal == "jobs");
    }

    [Fact]
    public async Task The_history_of_a_lease_outlives_a_restart()
    {
        Lease lease;
        await using (var node = await TestNode.StartAsync(_directory))
        {
            await node.DeployAsync();
            await using var worker = await TestWorker.ConnectAsync(node);
            var request = TestNode.Request();
            request.MaxWaitMs = 60_000;
            lease = (await node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation)).Leases.Single();
            await node.Allocator.ReleaseAsync(
                new ReleaseRequest { Tenant = "acme", Leases = { new LeaseRef { Id = lease.Id, Fence = lease.Fence } } }, cancellationToken: TestNode.Cancellation);
        }

        await using var restarted = await TestNode.StartAsync(_directory);
        var byLease = await HistoryAsync(restarted, new HistoryRequest { Lease = lease.Id });
        var byRequest = await HistoryAsync(restarted, new HistoryRequest { RequestId = lease.RequestId });

        Assert.Equal([Change.Types.Kind.LeaseGranted, Change.Types.Kind.LeaseReleased], byLease.Select(change => change.Kind));
        Assert.Equal(byLease, byRequest);
    }

    [Fact]
    public async Task Health_says_serving_and_then_that_the_node_stops()
    {
        var node = await TestNode.StartAsync(_directory);
        using var watch = new Health.HealthClient(node.Channel).Watch(new HealthCheckRequest(), cancellationToken: TestNode.Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, watch.ResponseStream.Current.Status);

        var stopping = node.App.StopAsync(TestNode.Cancellation);

        Assert.True(await watch.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        watch.Dispose();
        await stopping;
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_stopping_node_ends_open_streams_in_good_order()
    {
        var node = await TestNode.StartAsync(_directory);
        using var watch = node.Allocator.Watch(new WatchRequest { FromPosition = 1 }, cancellationToken: TestNode.Cancellation);
        Assert.True(await watch.ResponseStream.MoveNext(TestNode.Cancellation));

        var stopping = node.App.StopAsync(TestNode.Cancellation);

        while (await watch.ResponseStream.MoveNext(TestNode.Cancellation))
        {
            // What was committed before the stop may still come.
        }

        Assert.Equal(StatusCode.OK, watch.GetStatus().StatusCode);
        await stopping;
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_journal_is_refused_with_the_exit_code_of_a_journal_fault()
    {
        await using (var node = await TestNode.StartAsync(_directory))
        {
            await node.DeployAsync();
        }

        await File.WriteAllBytesAsync(Path.Combine(_directory.FullName, "wm-0", "replica", "identity"), new byte[4_096], TestNode.Cancellation);

        var app = ControlPlaneNode.Build(Options(), builder => builder.Logging.ClearProviders());

        Assert.Equal(ExitCode.JournalFault, await ControlPlaneNode.RunAsync(app, TestNode.Cancellation));
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_while_it_starts_ends_as_asked()
    {
        var app = ControlPlaneNode.Build(Options(), builder => builder.Logging.ClearProviders());

        Assert.Equal(ExitCode.Success, await ControlPlaneNode.RunAsync(app, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_thousand_idle_connections_are_no_burden()
    {
        await using var node = await TestNode.StartAsync(_directory);
        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1_000; i++)
            {
                var connection = new TcpClient();
                idle.Add(connection);
                await connection.ConnectAsync(node.Address.Host, node.Address.Port, TestNode.Cancellation);
                await connection.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), TestNode.Cancellation);
            }

            using var another = PlainChannel.To(node.Address);
            var status = await new Operator.OperatorClient(another).GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation);

            Assert.Equal("leader", status.Role);
            Assert.All(idle, connection => Assert.True(connection.Connected));
        }
        finally
        {
            idle.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<List<Change>> HistoryAsync(TestNode node, HistoryRequest request)
    {
        using var history = node.Inspect.History(request, cancellationToken: TestNode.Cancellation);
        return await TestNode.CollectAsync(history.ResponseStream);
    }

    private NodeOptions Options() => new()
    {
        Name = "test",
        Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
        DataDirectory = _directory.FullName,
        SnapshotEveryEntries = 0,
        DrainTimeout = TimeSpan.FromSeconds(10),
        Journals = [],
        OtlpEndpoint = null,
    };

    private sealed class RecordedReplay : IProgress<ReplayProgress>
    {
        public List<ReplayProgress> Steps { get; } = [];

        public void Report(ReplayProgress value) => Steps.Add(value);
    }
}
