using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Tests.Partitions;

public sealed class PartitionHostTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_lease_outlives_a_restart_with_the_same_token()
    {
        await using var plane = await StartAsync();
        var lease = await plane.LeaseAsync(1);
        await plane.RestartAsync();

        var found = Assert.IsType<RequestFound>(await plane.CallAsync(
            new LookupRequest(plane.Host.NewCall(), PlaneUnderTest.Tenant, new RequestId(1))));
        var again = Assert.Single(found.Leases);
        Assert.Equal((lease.Id, lease.Fence, lease.Sandbox), (again.Id, again.Fence, again.Sandbox));
    }

    [Fact]
    public async Task A_retry_after_a_restart_gets_the_same_lease()
    {
        await using var plane = await StartAsync();
        var lease = await plane.LeaseAsync(1);
        await plane.RestartAsync();

        var retry = await plane.LeaseAsync(1);
        Assert.True(retry.Replayed);
        Assert.Equal(lease.Fence, retry.Fence);
    }

    [Fact]
    public async Task The_state_rebuilt_from_the_journal_has_the_hash_of_the_live_one()
    {
        await using var plane = await StartAsync();
        for (var i = 1UL; i <= 50; i++)
        {
            var lease = await plane.LeaseAsync(i);
            if (i % 2 == 0)
            {
                await plane.CallAsync(new Release(plane.Host.NewCall(), PlaneUnderTest.Tenant, [new HeldLease(lease.Id, lease.Fence)]));
            }
        }

        var (live, position) = await plane.Host.QueryAsync(core => (core.Hash, core.Applied));
        Assert.Equal(live, plane.Host.Rebuild(position).Hash);
    }

    [Fact]
    public async Task Snapshot_and_tail_give_the_same_state_as_the_whole_journal()
    {
        await using var plane = await StartAsync();
        for (var i = 1UL; i <= 20; i++)
        {
            await plane.LeaseAsync(i);
        }

        var taken = await plane.Host.TakeSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(plane.Host.Snapshot, taken.Position);
        for (var i = 21UL; i <= 30; i++)
        {
            await plane.LeaseAsync(i);
        }

        var (hash, position) = await plane.Host.QueryAsync(core => (core.Hash, core.Applied));
        await plane.RestartAsync();
        Assert.Equal(hash, plane.Host.Rebuild(position).Hash);
        Assert.Equal(30, await plane.Host.QueryAsync(core => core.State.LeaseCount));
    }

    [Fact]
    public async Task A_snapshot_is_taken_by_itself_when_enough_was_written()
    {
        await using var plane = await PlaneUnderTest.StartAsync(_directory.Path, snapshotInterval: 20);
        for (var i = 1UL; plane.Host.Snapshot == SequenceNumber.None; i++)
        {
            Assert.True(i < 10_000, "a snapshot is taken");
            await plane.LeaseAsync(i);
        }

        Assert.True(plane.Host.Snapshot.Value >= 20);
    }

    [Fact]
    public async Task What_lies_far_behind_the_newest_snapshot_goes_by_itself()
    {
        await using var plane = await PlaneUnderTest.StartAsync(_directory.Path, snapshotInterval: 500, keepEntries: 1_000);
        for (var i = 0u; plane.Host.Journal.Head == SequenceNumber.First; i += 500)
        {
            Assert.True(i < 100_000, "a whole file of entries goes");
            await Task.WhenAll(Enumerable.Range(0, 500).Select(n =>
                plane.CallAsync(new SetTenantLimit(plane.Host.NewCall(), PlaneUnderTest.Tenant, i + (uint)n + 1)).AsTask()));
        }

        var head = plane.Host.Journal.Head;
        Assert.True(head.Value + 1_000 <= plane.Host.Snapshot.Value + 1, $"{head} is far behind {plane.Host.Snapshot}");
        await plane.RestartAsync();
        Assert.Equal(head, plane.Host.Journal.Head);
    }

    [Fact]
    public async Task A_hundred_restarts_leave_few_reigns_in_the_register()
    {
        await using var plane = await PlaneUnderTest.StartAsync(_directory.Path, snapshotInterval: 1_000_000);
        for (var i = 1UL; i <= 100; i++)
        {
            await plane.LeaseAsync(i);
            await plane.RestartAsync();
        }

        Assert.Equal(100, await plane.Host.QueryAsync(core => core.State.LeaseCount));
    }

    [Fact]
    public async Task No_reply_and_no_order_to_a_worker_leaves_before_the_sync()
    {
        await using var plane = await StartAsync();
        await plane.LeaseAsync(1);
        using var syncing = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        lock (plane.Sent)
        {
            plane.Sent.Clear();
        }

        plane.Disk.Rule = operation => operation.Kind == DiskOperationKind.SyncData
            ? new DiskFault.Delay(() =>
            {
                syncing.Release();
                goOn.Wait();
            })
            : null;
        var allocation = Task.Run(() => plane.AllocateAsync(2), TestContext.Current.CancellationToken);
        await syncing.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(allocation.IsCompleted);
        lock (plane.Sent)
        {
            Assert.Empty(plane.Sent);
        }

        plane.Disk.Rule = null;
        goOn.Set();
        Assert.IsType<Granted>(await allocation);
        lock (plane.Sent)
        {
            Assert.Contains(plane.Sent, effect => effect is CreateSandbox);
        }
    }

    [Fact]
    public async Task After_a_failed_sync_every_caller_is_told_that_the_outcome_is_unknown()
    {
        await using var plane = await StartAsync();
        var lease = await plane.LeaseAsync(1);
        plane.Disk.Rule = FaultInjectingDisk.Once(o => o.Kind == DiskOperationKind.SyncData, 0, DiskFault.InputOutputError);

        await Assert.ThrowsAsync<PartitionFailedException>(() => plane.AllocateAsync(2));
        await Assert.ThrowsAsync<PartitionFailedException>(() => plane.AllocateAsync(3));
        await Assert.ThrowsAsync<StorageFaultException>(() => plane.Host.Completion);

        plane.Disk.Rule = null;
        await plane.RestartAsync();
        Assert.Equal(lease.Fence, (await plane.LeaseAsync(1)).Fence);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_written_ends_the_partition_loudly()
    {
        await using var plane = await PlaneUnderTest.StartAsync(_directory.Path, snapshotInterval: 20);
        plane.Disk.Rule = o => o.Kind == DiskOperationKind.Create && o.Path.Contains("snapshots", StringComparison.Ordinal) ? DiskFault.NoSpace : null;
        for (var i = 1UL; !plane.Host.Completion.IsCompleted; i++)
        {
            Assert.True(i < 10_000, "a snapshot is tried");
            await plane.LeaseAsync(i);
        }

        await Assert.ThrowsAsync<StorageFaultException>(() => plane.Host.Completion);
    }

    [Fact]
    public async Task A_caller_that_has_gone_before_it_is_heard_changes_nothing()
    {
        await using var plane = await StartAsync();
        var before = plane.Host.Committed;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await plane.Host.CallAsync(new Allocate(plane.Host.NewCall(), PlaneUnderTest.Request(9)), new CancellationToken(canceled: true)));
        Assert.Equal(before, plane.Host.Committed);
    }

    [Fact]
    public async Task A_caller_that_goes_while_it_waits_is_dropped()
    {
        await using var plane = await StartAsync();
        using var gone = new CancellationTokenSource();
        var request = PlaneUnderTest.Request(9) with { ColdPolicy = ColdPolicy.WarmOnly };
        var waiting = plane.Host.CallAsync(new Allocate(plane.Host.NewCall(), request), gone.Token).AsTask();
        Assert.Equal(1, await plane.Host.QueryAsync(core => core.State.WaitingCount));

        await gone.CancelAsync();
        Assert.IsType<Refused>(await waiting);
        Assert.Equal(0, await plane.Host.QueryAsync(core => core.State.WaitingCount));
    }

    private Task<PlaneUnderTest> StartAsync() => PlaneUnderTest.StartAsync(_directory.Path);
}
