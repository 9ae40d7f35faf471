using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Snapshots;

public class SnapshotTests
{
    private static readonly PartitionId Partition = new(0);

    [Fact]
    public void A_restored_state_chooses_as_the_original_would_have()
    {
        var (original, restored) = (Busy(), Busy());
        original.FailOver();
        restored.FailOverFromSnapshot();

        foreach (var scenario in new[] { original, restored })
        {
            scenario.Connect("w2", sandboxes: 4);
            scenario.Connect("w3", sandboxes: 4);
            for (var i = 0; i < 6; i++)
            {
                scenario.Call(call => new Allocate(call, scenario.Request() with { ColdPolicy = ColdPolicy.Reserve }));
            }

            scenario.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(original.Journal.Select(entry => entry.ToString()), restored.Journal.Select(entry => entry.ToString()));
        Assert.Equal(original.Core.Hash, restored.Core.Hash);
    }

    [Fact]
    public void A_snapshot_may_arrive_byte_by_byte()
    {
        var scenario = Busy();
        var reader = new SnapshotReader(Partition, scenario.Options);
        foreach (var part in Scenario.SnapshotOf(scenario.Core))
        {
            reader.Read([part]);
        }

        Assert.Equal(scenario.Core.Hash, reader.Complete().Hash);
    }

    [Fact]
    public void Every_flipped_byte_is_noticed()
    {
        var scenario = Busy();
        var snapshot = Scenario.SnapshotOf(scenario.Core);
        for (var i = 0; i < snapshot.Length; i++)
        {
            var damaged = (byte[])snapshot.Clone();
            damaged[i] ^= 0x40;
            var thrown = Record.Exception(() => WorkerManagerCore.Restore(Partition, scenario.Options, new ReadOnlySequence<byte>(damaged)));
            Assert.True(thrown is SnapshotDamagedException or StateDivergedException, $"byte {i}: {thrown}");
        }
    }

    [Fact]
    public void A_cut_snapshot_is_refused()
    {
        var scenario = Busy();
        var snapshot = Scenario.SnapshotOf(scenario.Core);

        Assert.Throws<SnapshotDamagedException>(() =>
            WorkerManagerCore.Restore(Partition, scenario.Options, new ReadOnlySequence<byte>(snapshot.AsMemory(0, snapshot.Length - 1))));
        Assert.Throws<SnapshotDamagedException>(() =>
            WorkerManagerCore.Restore(new PartitionId(1), scenario.Options, new ReadOnlySequence<byte>(snapshot)));
    }

    [Fact]
    public void A_replay_that_meets_another_state_hash_stops()
    {
        var scenario = Busy();
        var core = scenario.Replay();
        var foreign = new Entry { StateHashed = new StateHashed { HashHigh = 1, HashLow = 2 } };

        var diverged = Assert.Throws<StateDivergedException>(() =>
            core.Apply(new EntryContext(core.Applied.Next, core.State.Epoch, core.State.Time), foreign));

        Assert.Equal((scenario.Core.Applied, new StateHash(new UInt128(1, 2)), scenario.Core.Hash), (diverged.Position, diverged.Expected, diverged.Actual));
    }

    [Fact]
    public void State_hashes_are_journaled_at_intervals()
    {
        var scenario = new Scenario(new CoreOptions { StateHashInterval = 10 });
        scenario.Warm();
        for (var i = 0; i < 20; i++)
        {
            scenario.Release(scenario.Lease());
        }

        Assert.InRange(scenario.Journal.Count(entry => entry.StateHashed is not null), 3, 6);
    }

    [Fact]
    public void An_entry_of_an_unknown_kind_stops_the_reader()
    {
        var scenario = new Scenario();
        var core = scenario.Replay();

        Assert.Throws<UnknownEntryException>(() =>
            core.Apply(new EntryContext(core.Applied.Next, core.State.Epoch, core.State.Time), new Entry()));
    }

    private static Scenario Busy()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 6);
        worker.Fences = false;
        var client = new ClientId(5);
        scenario.Lease(scenario.Request() with { Client = client, ClientSequence = new(1) });
        scenario.Release(scenario.Lease(scenario.Request() with { Client = client, ClientSequence = new(2) }));
        var cancelled = scenario.Lease();
        scenario.Call(call => new CancelRequest(call, cancelled.Tenant, cancelled.Request));
        scenario.Renew(scenario.Lease(scenario.Request(tenant: "other")));
        scenario.Deploy("second", reserved: 3);
        return scenario;
    }
}
