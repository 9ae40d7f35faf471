using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Replication.Registers;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>The process is killed before each of its I/O operations in turn; the next start must work and know at least what was reported.</summary>
public sealed class CrashDuringMetadataTests
{
    [Fact]
    public void A_creation_that_is_killed_anywhere_can_be_repeated()
    {
        var completed = CrashPoints.Run((disk, directory) =>
        {
            ReplicaStore.Create(directory.Combine("replica"), TestReplica.Identity, disk, TestReplica.Small);
        },
        (directory, _) =>
        {
            var path = directory.Combine("replica");
            if (!File.Exists(new ReplicaPaths(path).Identity))
            {
                ReplicaStore.Create(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small);
            }

            using var store = ReplicaStore.Open(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, []);
            Assert.Equal(ReplicaPromise.None, store.Promise);
            using var acceptor = store.OpenAcceptor();
            Assert.Equal(AcceptorState.Fresh, acceptor.State);
        });
        Assert.True(completed > 30, $"only {completed} crash points");
    }

    [Fact]
    public void A_promise_that_was_reported_survives_a_kill_anywhere()
    {
        var reported = 0UL;
        var completed = CrashPoints.Run((disk, directory) =>
        {
            reported = 0;
            var path = directory.Combine("replica");
            ReplicaStore.Create(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small);
            using var store = ReplicaStore.Open(path, TestReplica.Identity, disk, TestReplica.Small, []);
            for (var epoch = 1UL; epoch <= 3; epoch++)
            {
                store.WritePromise(new ReplicaPromise(new(epoch), IsSealed: epoch % 2 == 0));
                reported = epoch;
            }
        },
        (directory, _) =>
        {
            using var store = ReplicaStore.Open(directory.Combine("replica"), TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, []);
            Assert.InRange(store.Promise.Epoch.Value, reported, reported + 1);
        });
        Assert.True(completed >= 12, $"only {completed} crash points");
    }

    [Fact]
    public void Entries_that_were_reported_survive_a_kill_anywhere()
    {
        var reported = 0UL;
        var completed = CrashPoints.Run((disk, directory) =>
        {
            reported = 0;
            var path = directory.Combine("replica");
            ReplicaStore.Create(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small);
            for (var epoch = 1UL; epoch <= 2; epoch++)
            {
                using var store = ReplicaStore.Open(path, TestReplica.Identity, disk, TestReplica.Small, []);
                store.BeginSegment(new(epoch));
                var chain = new EntryChain(TestReplica.Identity.Journal, store.End) { Epoch = new(epoch) };
                for (var i = 0; i < 5; i++)
                {
                    var entry = chain.Next(payloadBytes: 30_000);
                    store.Append(entry.Header, entry.Encoded, entry.Hash);
                    store.Flush();
                    reported = store.FlushedEnd.Last.Value;
                    store.WriteWatermark(store.FlushedEnd.Last);
                }
            }
        },
        (directory, _) =>
        {
            using var store = ReplicaStore.Open(directory.Combine("replica"), TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, []);
            Assert.InRange(store.End.Last.Value, reported, reported + 1);
        });
        Assert.True(completed > 30, $"only {completed} crash points");
    }

    [Fact]
    public void One_damaged_promise_slot_loses_nothing_and_is_repaired()
    {
        using var replica = new TestReplica();
        using (var store = replica.Open())
        {
            store.WritePromise(new ReplicaPromise(new(5), IsSealed: true));
        }

        foreach (var slot in new[] { ".a", ".b" })
        {
            TestReplica.FlipBit(replica.Paths.Promise + slot, 30);
            using var store = replica.Open();
            Assert.Equal(new ReplicaPromise(new(5), IsSealed: true), store.Promise);
            Assert.Contains(store.Report, line => line.Contains("promise" + slot, StringComparison.Ordinal));
        }

        using var repaired = replica.Open();
        Assert.DoesNotContain(repaired.Report, line => line.Contains("promise", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_damaged_promise_slots_are_refused()
    {
        using var replica = new TestReplica();
        TestReplica.FlipBit(replica.Paths.Promise + ".a", 30);
        File.Delete(replica.Paths.Promise + ".b");
        Assert.Equal(RefusalReason.DamagedSlots, replica.Refusal().Reason);
    }

    [Fact]
    public void A_torn_watermark_is_survived()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 3);
        TestReplica.FlipBit(replica.Paths.Watermark + ".a", 30);
        TestReplica.FlipBit(replica.Paths.Watermark + ".b", 30);
        using var store = replica.Open();
        Assert.Equal(replica.Chain.End, store.End);
        Assert.Contains(store.Report, line => line.Contains("watermark.a", StringComparison.Ordinal));
    }
}
