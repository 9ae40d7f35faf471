using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Configuration;
using Grpc.Core;
using Lease = ControlPlane.Protocol.V1.Lease;

namespace ControlPlane.Server.Tests.Services;

/// <summary>A plane that is divided: each function, lease and worker's session in its partition, one call asks one partition.</summary>
public sealed class PartitionedNodeTests : IAsyncLifetime
{
    private const int Count = 4;
    private static readonly PartitionMap Map = new(Count);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("partitioned-");
    private readonly List<TestWorker> _workers = [];
    private TestNode _node = null!;

    private static CallOptions Options => new(cancellationToken: TestNode.Cancellation);

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(_home, partitions: Count);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        await _node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    [Fact]
    public async Task The_plane_tells_how_it_is_divided()
    {
        var told = await _node.Allocator.GetPartitionsAsync(new GetPartitionsRequest(), Options);

        Assert.Equal((uint)PartitionMap.SlotCount, told.Slots);
        Assert.Equal([0u, 1, 2, 3], told.Partitions.Select(partition => partition.Partition_));
        for (var partition = 0u; partition < Count; partition++)
        {
            var status = await _node.Operator.GetStatusAsync(new GetStatusRequest { Partition = partition }, Options);
            Assert.Equal((partition, (uint)Count, "leader"), (status.Partition, status.Partitions, status.Role));
        }
    }

    [Fact]
    public async Task A_lease_is_of_its_functions_partition_and_lives_there_alone()
    {
        await ConnectEverywhereAsync();
        for (var partition = 0u; partition < Count; partition++)
        {
            var request = await AllocationAsync(partition);
            var lease = (await _node.Allocator.AllocateAsync(request, Options)).Leases[0];

            Assert.Equal((partition, partition), (lease.Id.Partition, lease.Sandbox.Partition));
            for (var asked = 0u; asked < Count; asked++)
            {
                var page = await _node.Allocator.ListLeasesAsync(new ListLeasesRequest { Partition = asked, Function = request.Function }, Options);
                Assert.Equal(asked == partition ? [lease.Id] : [], page.Leases.Select(one => one.Id));
                var lookup = new LookupRequestRequest { RequestId = request.RequestId, Tenant = request.Tenant, Partition = asked };
                if (asked == partition)
                {
                    Assert.Equal(lease.Id, Assert.Single((await _node.Allocator.LookupRequestAsync(lookup, Options)).Leases).Id);
                }
                else
                {
                    Assert.Equal(ErrorReason.UnknownRequest, await ReasonAsync(() => _node.Allocator.LookupRequestAsync(lookup, Options).ResponseAsync));
                }
            }

            var history = await TestNode.CollectAsync(_node.Inspect.History(new HistoryRequest { Lease = lease.Id }, Options).ResponseStream);
            Assert.Equal(Change.Types.Kind.LeaseGranted, history[0].Kind);
            Assert.Equal(1ul, (await _node.Inspect.StateAtAsync(new StateAtRequest { Partition = partition }, Options)).LeaseCount);
            await ReleaseAsync(lease);
        }
    }

    [Fact]
    public async Task One_call_asks_one_partition()
    {
        await ConnectEverywhereAsync();
        var (one, other) = (await LeaseAsync(1), await LeaseAsync(2));

        var renewed = await _node.Allocator.RenewAsync(
            new RenewRequest { Tenant = "acme", Items = { new RenewRequest.Types.Item { Lease = Reference(one) }, new RenewRequest.Types.Item { Lease = Reference(other) } } }, Options);
        var released = await _node.Allocator.ReleaseAsync(new ReleaseRequest { Tenant = "acme", Leases = { Reference(other), Reference(one) } }, Options);

        Assert.Equal(1u, renewed.Items[0].Renewed.RenewSequence);
        Assert.Contains("partition 2", renewed.Items[1].Refused.Message, StringComparison.Ordinal);
        Assert.NotNull(released.Items[0].Released);
        Assert.Equal(ErrorReason.InvalidField, released.Items[1].Refused.Reason);
        await ReleaseAsync(one);

        var batch = new AllocateBatchRequest { Requests = { await AllocationAsync(0), await AllocationAsync(3) } };
        Assert.Equal(ErrorReason.InvalidField, await ReasonAsync(() => _node.Allocator.AllocateBatchAsync(batch, Options).ResponseAsync));
    }

    [Fact]
    public async Task A_stream_takes_requests_of_any_partition()
    {
        await ConnectEverywhereAsync();
        using var stream = _node.Allocator.AllocateStream(Options);
        for (var partition = 0u; partition < Count; partition++)
        {
            await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = partition + 1, Allocate = await AllocationAsync(partition) }, TestNode.Cancellation);
        }

        await stream.RequestStream.CompleteAsync();
        var answers = (await TestNode.CollectAsync(stream.ResponseStream)).Where(answer => answer.Tag > 0).ToList();

        Assert.Equal(Count, answers.Count);
        Assert.All(answers, answer => Assert.Equal(answer.Tag - 1, answer.Allocate.Granted.Leases[0].Id.Partition));
    }

    [Fact]
    public async Task What_is_no_partition_is_a_fault_of_the_request()
    {
        Assert.Equal(ErrorReason.InvalidField, await ReasonAsync(() => _node.Operator.GetStatusAsync(new GetStatusRequest { Partition = Count }, Options).ResponseAsync));
        Assert.Equal(ErrorReason.InvalidField, await ReasonAsync(() => TestNode.CollectAsync(_node.Allocator.Watch(new WatchRequest { Partition = Count }, Options).ResponseStream)));
        Assert.Equal(ErrorReason.InvalidField, await ReasonAsync(() => TestWorker.ConnectAsync(_node, partition: Count, partitions: Count)));

        var released = await _node.Allocator.ReleaseAsync(
            new ReleaseRequest { Tenant = "acme", Leases = { new LeaseRef { Id = new() { Partition = 77, Position = 5 }, Fence = new() { Epoch = 1, Position = 5 } } } }, Options);
        Assert.Equal(ErrorReason.UnknownLease, Assert.Single(released.Items).Refused.Reason);
    }

    [Fact]
    public async Task A_worker_that_divides_its_capacity_otherwise_is_told_how_many_partitions_there_are()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => TestWorker.ConnectAsync(_node, partitions: 1));

        Assert.Equal(ErrorReason.PartitionsDiffer, ErrorTable.ReasonOf(refused));
        Assert.Equal("4", ErrorTable.MetadataOf(refused)["partitions"]);
    }

    [Fact]
    public async Task After_a_restart_every_partition_has_what_it_had_and_another_number_is_refused()
    {
        await ConnectEverywhereAsync();
        var leases = new List<Lease>();
        for (var partition = 0u; partition < Count; partition++)
        {
            leases.Add(await LeaseAsync(partition));
        }

        await _node.App.StopAsync(TestNode.Cancellation);
        await _node.App.DisposeAsync();

        foreach (var other in new[] { 1, 3, 5 })
        {
            var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => TestNode.StartAsync(_home, partitions: other));
            var problem = Assert.Single(refusal.Problems);
            Assert.Equal("Partitions", problem.Key);
            Assert.Contains("Set Partitions to 4", problem.Remedy, StringComparison.Ordinal);
        }

        _node = await TestNode.StartAsync(_home, partitions: Count);
        foreach (var lease in leases)
        {
            var page = await _node.Allocator.ListLeasesAsync(new ListLeasesRequest { Partition = lease.Id.Partition }, Options);
            Assert.Equal((lease.Id, lease.Fence), (page.Leases.Single().Id, page.Leases.Single().Fence));
        }
    }

    [Fact]
    public async Task A_journal_that_has_gone_is_no_empty_start()
    {
        await _node.App.StopAsync(TestNode.Cancellation);
        await _node.App.DisposeAsync();
        var gone = Path.Combine(_home.FullName, "wm-2");
        Directory.Move(gone, gone + ".away");

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => TestNode.StartAsync(_home, partitions: Count));

        Assert.Contains("wm-2 has gone", Assert.Single(refusal.Problems).Wrong, StringComparison.Ordinal);
        Directory.Move(gone + ".away", gone);
        _node = await TestNode.StartAsync(_home, partitions: Count);
    }

    private async Task ConnectEverywhereAsync()
    {
        for (var partition = 0u; partition < Count; partition++)
        {
            _workers.Add(await TestWorker.ConnectAsync(_node, partition: partition, partitions: Count));
        }
    }

    private async Task<Lease> LeaseAsync(uint partition) => (await _node.Allocator.AllocateAsync(await AllocationAsync(partition), Options)).Leases[0];

    /// <summary>Of a function in the partition, which is deployed.</summary>
    private async Task<AllocateRequest> AllocationAsync(uint partition)
    {
        var function = Enumerable.Range(0, 1_000).Select(i => $"echo-{i}").First(name => Map.Of(FunctionName.Create(name)).Value == partition);
        await _node.DeployAsync(function);
        var request = TestNode.Request(function);
        request.MaxWaitMs = 30_000;
        return request;
    }

    private async Task ReleaseAsync(Lease lease) =>
        Assert.NotNull((await _node.Allocator.ReleaseAsync(new ReleaseRequest { Tenant = "acme", Leases = { Reference(lease) } }, Options)).Items[0].Released);

    private static LeaseRef Reference(Lease lease) => new() { Id = lease.Id, Fence = lease.Fence };

    private static async Task<ErrorReason> ReasonAsync(Func<Task> call) => ErrorTable.ReasonOf(await Assert.ThrowsAsync<RpcException>(call));
}
