using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager;
using Google.Protobuf;
using Grpc.Core;
using Lease = ControlPlane.Protocol.V1.Lease;

namespace ControlPlane.Server.Tests.Services;

/// <summary>A node whose first reign, with everything that began in it, has been trimmed away.</summary>
public sealed class TrimmedJournalTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("node-trimmed-");
    private TestNode _node = null!;
    private Lease _lease = null!;
    private SequenceNumber _head;

    public async ValueTask InitializeAsync()
    {
        await using (var first = await TestNode.StartAsync(_directory))
        {
            await first.DeployAsync();
            await using var worker = await TestWorker.ConnectAsync(first);
            var request = TestNode.Request();
            request.MaxWaitMs = 60_000;
            request.ClientId = TestNode.NewId();
            request.ClientSequence = 1;
            _lease = (await first.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation)).Leases.Single();
        }

        // A new reign begins a new segment, so that the one before can go as a whole; the stop has left a snapshot of it.
        _node = await TestNode.StartAsync(_directory);
        _head = await _node.Partition.TrimAsync(_node.Partition.Snapshot.Next);
        Assert.True(_head.Value > _lease.Id.Position, "the grant is trimmed");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_watcher_of_a_tenant_misses_no_change_of_a_lease_that_was_granted_before_the_trim()
    {
        using var watch = _node.Allocator.Watch(new WatchRequest { FromPosition = _head.Value, Tenant = "acme" }, cancellationToken: TestNode.Cancellation);

        await ReleaseAsync();

        var released = await FirstAsync(watch.ResponseStream);
        Assert.Equal((Change.Types.Kind.LeaseReleased, _lease.Id, _lease.Sandbox), (released.Kind, released.Lease, released.Sandbox));
        Assert.Equal(("acme", "echo", "worker-1"), (released.Tenant, released.Function, released.Worker));
    }

    [Fact]
    public async Task A_watcher_of_another_tenant_is_not_shown_it()
    {
        using var watch = _node.Allocator.Watch(new WatchRequest { FromPosition = _head.Value, Tenant = "other" }, cancellationToken: TestNode.Cancellation);

        await ReleaseAsync();

        var tail = await _node.TailAsync();
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestNode.Cancellation));
            Assert.Empty(watch.ResponseStream.Current.Changes);
        }
        while (watch.ResponseStream.Current.Position < tail - 1);
    }

    [Fact]
    public async Task The_names_outlive_another_restart_although_the_state_has_forgotten_the_lease()
    {
        await ReleaseAsync();
        await _node.DisposeAsync();
        _node = await TestNode.StartAsync(_directory);
        using var history = _node.Inspect.History(new HistoryRequest { Lease = _lease.Id }, cancellationToken: TestNode.Cancellation);

        var released = Assert.Single(await TestNode.CollectAsync(history.ResponseStream));

        Assert.Equal(("acme", "echo", "worker-1"), (released.Tenant, released.Function, released.Worker));
    }

    [Fact]
    public async Task A_watcher_from_before_the_head_is_told_where_the_journal_begins()
    {
        using var watch = _node.Allocator.Watch(new WatchRequest { FromPosition = 1 }, cancellationToken: TestNode.Cancellation);

        AssertTrimmed(_head.Value, await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestNode.Cancellation)));
    }

    [Fact]
    public async Task A_reader_from_before_the_head_is_told_where_the_journal_begins()
    {
        var read = _node.Journal.ReadAsync(new ReadRequest { Journal = "wm-0", From = 1 }, cancellationToken: TestNode.Cancellation);

        AssertTrimmed(_head.Value, await Assert.ThrowsAsync<RpcException>(() => read.ResponseAsync));
        var fromHead = await _node.Journal.ReadAsync(new ReadRequest { Journal = "wm-0", From = _head.Value }, cancellationToken: TestNode.Cancellation);
        Assert.Equal(_head.Value, fromHead.Entries[0].Position);
    }

    [Fact]
    public async Task A_state_of_before_the_snapshot_is_told_to_be_gone()
    {
        var state = _node.Inspect.StateAtAsync(new StateAtRequest { Position = 1 }, cancellationToken: TestNode.Cancellation);

        AssertTrimmed(_head.Value, await Assert.ThrowsAsync<RpcException>(() => state.ResponseAsync));
    }

    [Fact]
    public async Task The_worker_managers_snapshot_can_be_fetched_and_restores_to_its_hash()
    {
        var taken = await _node.Operator.TakeSnapshotAsync(new TakeSnapshotRequest(), cancellationToken: TestNode.Cancellation);

        using var get = _node.Journal.GetSnapshot(new GetSnapshotRequest { Journal = "wm-0" }, cancellationToken: TestNode.Cancellation);

        var parts = await TestNode.CollectAsync(get.ResponseStream);
        var content = new ReadOnlySequence<byte>([.. parts.SelectMany(part => part.Chunk)]);
        var restored = WorkerManagerCore.Restore(_node.Partition.Options.Partition, new CoreOptions(), content);
        Assert.Equal((taken.Position, taken.StateHash), (parts[0].AppliedPosition, restored.Hash.ToString()));
    }

    [Fact]
    public async Task A_journal_for_general_use_is_trimmed_below_its_snapshot()
    {
        await _node.Journal.AppendAsync(
            new AppendRequest { Journal = "jobs", Entries = { ByteString.CopyFromUtf8("a"), ByteString.CopyFromUtf8("b") } }, cancellationToken: TestNode.Cancellation);
        using (var put = _node.Journal.PutSnapshot(cancellationToken: TestNode.Cancellation))
        {
            var begin = new PutSnapshotRequest.Types.Begin { Journal = "jobs", AppliedPosition = 2 };
            await put.RequestStream.WriteAsync(new PutSnapshotRequest { Begin = begin }, TestNode.Cancellation);
            await put.RequestStream.CompleteAsync();
            await put;
        }

        await _node.DisposeAsync();
        _node = await TestNode.StartAsync(_directory);
        await _node.Journal.AppendAsync(new AppendRequest { Journal = "jobs", Entries = { ByteString.CopyFromUtf8("c") } }, cancellationToken: TestNode.Cancellation);

        var trimmed = await _node.Journal.TrimAsync(new TrimRequest { Journal = "jobs", Below = 3 }, cancellationToken: TestNode.Cancellation);

        Assert.Equal(3UL, trimmed.Head);
        var read = _node.Journal.ReadAsync(new ReadRequest { Journal = "jobs", From = 2 }, cancellationToken: TestNode.Cancellation);
        AssertTrimmed(3, await Assert.ThrowsAsync<RpcException>(() => read.ResponseAsync));
        using var tail = _node.Journal.Tail(new TailRequest { Journal = "jobs", From = 2 }, cancellationToken: TestNode.Cancellation);
        AssertTrimmed(3, await Assert.ThrowsAsync<RpcException>(() => tail.ResponseStream.MoveNext(TestNode.Cancellation)));
    }

    private static void AssertTrimmed(ulong head, RpcException error)
    {
        Assert.Equal((StatusCode.OutOfRange, ErrorReason.Trimmed), (error.StatusCode, ErrorTable.ReasonOf(error)));
        Assert.Equal($"{head}", ErrorTable.MetadataOf(error)["head"]);
    }

    private static async Task<Change> FirstAsync(IAsyncStreamReader<WatchResponse> stream)
    {
        while (await stream.MoveNext(TestNode.Cancellation))
        {
            if (stream.Current.Changes.Count > 0)
            {
                return stream.Current.Changes[0];
            }
        }

        throw new InvalidOperationException("The watch ended before it showed a change.");
    }

    private async Task ReleaseAsync()
    {
        var request = new ReleaseRequest { Tenant = "acme", Leases = { new LeaseRef { Id = _lease.Id, Fence = _lease.Fence } } };
        var released = await _node.Allocator.ReleaseAsync(request, cancellationToken: TestNode.Cancellation);
        Assert.NotNull(released.Items[0].Released);
    }
}
