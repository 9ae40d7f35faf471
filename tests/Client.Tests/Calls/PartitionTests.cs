using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Grpc.Core;
using LeaseId = ControlPlane.Protocol.V1.LeaseId;

namespace ControlPlane.Client.Tests;

/// <summary>Two nodes, each the leader of one of two partitions: the client finds out, and asks each about what is its own.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly PartitionMap Map = new(2);
    private static readonly string[] Functions = [FunctionOf(0), FunctionOf(1)];

    private readonly ScriptedPlane[] _nodes = new ScriptedPlane[2];
    private ControlPlaneClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (var node = 0; node < _nodes.Length; node++)
        {
            var leads = (uint)node;
            _nodes[node] = await ScriptedPlane.StartAsync();
            _nodes[node].Answer = (request, _) => Task.FromResult(AnswerOf(request, leads));
        }

        _client = new ControlPlaneClient(new ControlPlaneClientOptions
        {
            Addresses = [.. _nodes.Select(node => node.Address)],
            Tenant = "acme",
            Retry = new RetryPolicy { BackoffFirst = TimeSpan.FromMilliseconds(1) },
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_call_goes_to_the_leader_of_its_functions_partition_and_the_next_one_straight_away()
    {
        for (var round = 0; round < 3; round++)
        {
            foreach (var function in Functions)
            {
                await _client.AllocateAsync(new Allocation(function), Cancellation);
            }
        }

        // One detour in all: the first call of the second partition, before anybody had said that there are two.
        Assert.Equal([3, 1], Functions.Select(function => _nodes[0].ReceivedOf<AllocateRequest>().Count(request => request.Function == function)));
        Assert.Equal([0, 3], Functions.Select(function => _nodes[1].ReceivedOf<AllocateRequest>().Count(request => request.Function == function)));
    }

    [Fact]
    public async Task Leases_are_given_back_where_they_are_from_and_answered_in_order()
    {
        LeaseRef[] leases = [Lease(1, 10), Lease(0, 11), Lease(1, 12), Lease(0, 13)];

        var released = await _client.ReleaseAsync(leases, Cancellation);
        var renewed = await _client.RenewAsync([.. leases.Select(lease => new RenewRequest.Types.Item { Lease = lease, TtlMs = 1_000 })], Cancellation);

        Assert.Equal(4, released.Count(item => item.Released is not null));
        Assert.Equal([10, 11, 12, 13], renewed.Select(item => item.Renewed.TtlMs));
        Assert.All(_nodes[1].ReceivedOf<ReleaseRequest>(), request => Assert.All(request.Leases, lease => Assert.Equal(1u, lease.Id.Partition)));
        Assert.Equal(2, _nodes[1].ReceivedOf<ReleaseRequest>().Single().Leases.Count);
    }

    [Fact]
    public async Task A_request_is_looked_for_in_every_partition_and_cancelled_in_each()
    {
        var found = await _client.LookupAsync(new RequestId(7), Cancellation);
        var cancelled = await _client.CancelAsync(new RequestId(7), Cancellation);

        Assert.Equal(LookupRequestResponse.Types.State.Held, found.State);
        Assert.Equal((3u, true), (cancelled.Ended, cancelled.WasWaiting));
        var unknown = await Assert.ThrowsAsync<ControlPlaneException>(() => _client.LookupAsync(new RequestId(8), Cancellation));
        Assert.Equal(ErrorReason.UnknownRequest, unknown.Reason);
    }

    private object AnswerOf(object request, uint leads)
    {
        var partition = request switch
        {
            AllocateRequest allocate => Map.Of(FunctionName.Create(allocate.Function)).Value,
            RenewRequest renew => renew.Items[0].Lease.Id.Partition,
            ReleaseRequest release => release.Leases[0].Id.Partition,
            LookupRequestRequest lookup => lookup.Partition,
            CancelRequestRequest cancel => cancel.Partition,
            _ => leads,
        };
        if (partition != leads)
        {
            throw Answers.Refusal(
                StatusCode.Unavailable, "NOT_LEADER", ("leader", _nodes[partition].Address), ("partition", partition.ToString(CultureInfo.InvariantCulture)), ("partitions", "2"));
        }

        return request switch
        {
            AllocateRequest => new AllocateResponse { Leases = { Answers.Lease("http://127.0.0.1:1") } },
            RenewRequest renew => new RenewResponse
            {
                Items = { renew.Items.Select(item => new RenewResponse.Types.Item { Renewed = new() { TtlMs = (long)item.Lease.Id.Position } }) },
            },
            ReleaseRequest release => new ReleaseResponse { Items = { release.Leases.Select(_ => new ReleaseResponse.Types.Item { Released = new() }) } },
            LookupRequestRequest lookup when partition == 1 && lookup.RequestId[15] == 7 => new LookupRequestResponse { State = LookupRequestResponse.Types.State.Held },
            LookupRequestRequest => throw Answers.Refusal(StatusCode.NotFound, "UNKNOWN_REQUEST"),
            CancelRequestRequest => new CancelRequestResponse { Ended = partition + 1, WasWaiting = partition == 1 },
            GetPartitionsRequest => new GetPartitionsResponse { Partitions = { new GetPartitionsResponse.Types.Partition(), new GetPartitionsResponse.Types.Partition { Partition_ = 1 } } },
            _ => throw new InvalidOperationException($"{request.GetType().Name} is not scripted"),
        };
    }

    private static LeaseRef Lease(uint partition, ulong position) =>
        new() { Id = new LeaseId { Partition = partition, Position = position }, Fence = new() { Epoch = 1, Position = position } };

    private static string FunctionOf(uint partition) =>
        Enumerable.Range(0, 1_000).Select(i => $"f{i}").First(name => Map.Of(FunctionName.Create(name)).Value == partition);
}
