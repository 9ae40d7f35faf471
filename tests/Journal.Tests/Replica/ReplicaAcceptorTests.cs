using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>Every replica has an acceptor from its creation on; one that was made before there were acceptors gets one only while nobody can have counted on it.</summary>
public sealed class ReplicaAcceptorTests : IDisposable
{
    private static readonly AcceptorState Voted = new(new Ballot(7, new ReplicaId(1)), Ballot.None, new RegisterState([TestReplica.Identity.Replica], 0, default));
    private readonly TestReplica _replica = new();

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void A_new_replica_has_an_acceptor_that_remembers()
    {
        using (var store = _replica.Open())
        using (var acceptor = store.OpenAcceptor())
        {
            Assert.Equal(AcceptorState.Fresh, acceptor.State);
            acceptor.Store(Voted);
        }

        using var again = _replica.Open();
        using var remembering = again.OpenAcceptor();
        Assert.Equal(Voted.Promised, remembering.State.Promised);
    }

    [Fact]
    public void A_replica_that_lost_its_acceptor_opens_and_may_not_vote_untouched_or_not()
    {
        Assert.False(ReplicaInspection.Open(_replica.Path, _replica.Disk).HasLostAcceptor());
        LoseAcceptor();
        Assert.True(ReplicaInspection.Open(_replica.Path, _replica.Disk).HasLostAcceptor());
        using (var untouched = _replica.Open())
        {
            Assert.Equal(RefusalReason.DamagedSlots, Assert.Throws<JournalRefusedException>(untouched.OpenAcceptor).Reason);
        }

        _replica.Write(epoch: 1, entries: 1);
        using var store = _replica.Open();
        Assert.Throws<JournalRefusedException>(store.OpenAcceptor);
    }

    [Fact]
    public void Damage_to_the_acceptor_does_not_keep_the_journal_from_opening_and_the_inspector_tells_it()
    {
        TestReplica.FlipBit(_replica.Paths.Acceptor + ".a", 30);
        Assert.Equal([_replica.Paths.Acceptor + ".a"], ReplicaInspection.Open(_replica.Path, _replica.Disk).DamagedSlots());
        using var store = _replica.Open();
        using (var acceptor = store.OpenAcceptor())
        {
            Assert.Equal(AcceptorState.Fresh, acceptor.State);
        }

        Assert.Empty(ReplicaInspection.Open(_replica.Path, _replica.Disk).DamagedSlots());
    }

    [Fact]
    public void An_old_replica_that_is_untouched_gets_an_acceptor_once()
    {
        MakeOld();
        for (var start = 0; start < 2; start++)
        {
            using var store = _replica.Open();
            using var acceptor = store.OpenAcceptor();
            Assert.Equal(start == 0 ? AcceptorState.Fresh.Promised : Voted.Promised, acceptor.State.Promised);
            acceptor.Store(Voted);
        }
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("promise")]
    [InlineData("snapshot")]
    [InlineData("segment")]
    public void An_old_replica_in_use_opens_and_gets_no_acceptor(string use)
    {
        MakeOld();
        using (var store = _replica.Open())
        {
            Use(store, use);
        }

        using var again = _replica.Open();
        Assert.Throws<JournalRefusedException>(again.OpenAcceptor);
        Assert.False(File.Exists(_replica.Paths.Acceptor + ".a"));
    }

    [Fact]
    public void Giving_an_old_replica_an_acceptor_can_be_interrupted_anywhere() => CrashPoints.Run(
        (disk, directory) =>
        {
            using var old = new TestReplica(Old(), directory, disk);
            using var store = old.Open();
            store.OpenAcceptor().Dispose();
        },
        (directory, _) =>
        {
            using var store = ReplicaStore.Open(directory.Combine("replica"), TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, []);
            using var acceptor = store.OpenAcceptor();
            Assert.Equal(AcceptorState.Fresh, acceptor.State);
        });

    private void Use(ReplicaStore store, string use)
    {
        switch (use)
        {
            case "entries":
                _replica.Begin(store, 1);
                _replica.Append(store, entries: 1, payloadBytes: 10, watermark: true);
                break;
            case "promise":
                store.WritePromise(new ReplicaPromise(new Epoch(1), IsSealed: false));
                break;
            case "snapshot":
                TestSnapshots.Publish(store, new(new(5), new(5), new(1), new(5)));
                break;
            case "segment":
                store.BeginSegment(new Epoch(1));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(use));
        }
    }

    private TestReplica Old()
    {
        if (File.Exists(_replica.Paths.Acceptor + ".a"))
        {
            MakeOld();
        }

        return _replica;
    }

    private void MakeOld()
    {
        LoseAcceptor();
        File.WriteAllBytes(_replica.Paths.Identity, new IdentityFile(TestReplica.Identity, TestReplica.Small.DeviceFileBytes, HasAcceptor: false).ToBytes());
    }

    private void LoseAcceptor()
    {
        File.Delete(_replica.Paths.Acceptor + ".a");
        File.Delete(_replica.Paths.Acceptor + ".b");
    }
}
