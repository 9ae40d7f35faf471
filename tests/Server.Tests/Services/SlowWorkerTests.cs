using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Services;

public sealed class SlowWorkerTests
{
    private const int Leases = 100;

    /// <summary>Each renewal is an order of some 70 bytes: many times what may wait, and what the connection's buffers hold.</summary>
    private const int RoundsMax = 1_000;

    [Fact]
    public async Task A_worker_that_does_not_read_its_orders_is_disconnected_and_the_others_go_on()
    {
        await using var node = await TestNode.StartAsync();
        await node.DeployAsync();
        await using var other = await TestWorker.ConnectAsync(node, "other");
        using var channel = PlainChannel.To(node.Address);
        using var slow = new WorkerSessions.WorkerSessionsClient(channel).Connect(cancellationToken: TestNode.Cancellation);
        var leases = await ServeOneAllocationAsync(node, slow);

        // From here on the worker reads nothing; each renewal tells it the new time to live.
        var renewal = new RenewRequest { Tenant = "acme" };
        renewal.Items.AddRange(leases.Select(lease => new RenewRequest.Types.Item { Lease = new LeaseRef { Id = lease.Id, Fence = lease.Fence }, TtlMs = 60_000 }));
        for (var round = 0; round < RoundsMax && await IsConnectedAsync(node, "slow"); round++)
        {
            var renewed = await node.Allocator.RenewAsync(renewal, cancellationToken: TestNode.Cancellation);
            Assert.All(renewed.Items, item => Assert.NotNull(item.Renewed));
        }

        Assert.False(await IsConnectedAsync(node, "slow"));
        Assert.True(await IsConnectedAsync(node, "other"));
        var request = TestNode.Request();
        request.MaxWaitMs = 60_000;
        Assert.Equal("other", (await node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation)).Leases.Single().Worker);

        // Cut off: what was already under way to it may still arrive, a reason does not get past it.
        await Assert.ThrowsAsync<RpcException>(() => TestNode.CollectAsync(slow.ResponseStream));
    }

    /// <summary>Connects, boots what is asked for and so comes to hold leases.</summary>
    private static async Task<IReadOnlyList<Lease>> ServeOneAllocationAsync(TestNode node, AsyncDuplexStreamingCall<WorkerMessage, PlaneMessage> slow)
    {
        var hello = new Hello
        {
            Name = "slow",
            Incarnation = TestNode.NewId(),
            Labels = { ["reads"] = "no" },
            CapacityMemoryMib = 64 * 1024,
            CapacitySandboxes = Leases,
            Endpoint = "http://127.0.0.1:1",
            ProtocolVersion = 1,
        };
        await slow.RequestStream.WriteAsync(new WorkerMessage { Hello = hello }, TestNode.Cancellation);
        Assert.True(await slow.ResponseStream.MoveNext(TestNode.Cancellation));
        var request = TestNode.Request();
        (request.Count, request.MaxWaitMs) = (Leases, 60_000);
        request.Selectors.Add(new Selector { MatchLabels = { ["reads"] = "no" } });
        var allocation = node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation).ResponseAsync;
        for (var created = 0; created < Leases; created++)
        {
            Assert.True(await slow.ResponseStream.MoveNext(TestNode.Cancellation));
            var sandbox = slow.ResponseStream.Current.CreateSandbox.Sandbox;
            await slow.RequestStream.WriteAsync(
                new WorkerMessage { SandboxReport = new SandboxReport { Sandbox = sandbox, Ready = new SandboxReport.Types.Ready() } }, TestNode.Cancellation);
        }

        return (await allocation).Leases;
    }

    private static async Task<bool> IsConnectedAsync(TestNode node, string worker)
    {
        var workers = await node.Operator.ListWorkersAsync(new ListWorkersRequest(), cancellationToken: TestNode.Cancellation);
        return workers.Workers.Single(status => status.Name == worker).Connected;
    }
}
