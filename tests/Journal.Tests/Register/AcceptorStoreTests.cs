using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Journal.Tests.Register;

public sealed class AcceptorStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.Combine("acceptor");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_new_acceptor_is_fresh_and_stays_so()
    {
        AcceptorStore.Create(Path, new PhysicalDisk());
        AcceptorStore.Create(Path, new PhysicalDisk());
        using (var store = Open())
        {
            Assert.Equal(AcceptorState.Fresh, store.State);
        }

        Assert.Equal(AcceptorState.Fresh, AcceptorStore.Peek(Path, new PhysicalDisk()));
    }

    [Fact]
    public void Everything_comes_back_as_it_was_stored()
    {
        AcceptorStore.Create(Path, new PhysicalDisk());
        foreach (var (promised, valueBytes, acceptors) in new[] { (1ul, 0, 1), (2ul, PeerLimits.RegisterValueBytesMax, AcceptorSet.AcceptorsMax), (3ul, 17, 3) })
        {
            var stored = State(promised, valueBytes, acceptors);
            using (var store = Open())
            {
                store.Store(stored);
            }

            using var again = Open();
            AssertSame(stored, again.State);
        }
    }

    [Fact]
    public void A_promise_that_was_reported_survives_a_kill_or_a_power_cut_anywhere()
    {
        var reported = 0ul;
        var points = CrashPoints.Run((disk, directory) =>
        {
            reported = 0;
            AcceptorStore.Create(directory.Combine("acceptor"), new PhysicalDisk());
            using var store = AcceptorStore.Open(directory.Combine("acceptor"), disk);
            for (var promised = 1ul; promised < 4; promised++)
            {
                store.Store(State(promised, 40, 3));
                reported = promised;
            }
        },
        (directory, _) =>
        {
            // Whichever of two values the crash left, damage to one slot must not bring back the other.
            using (var store = AcceptorStore.Open(directory.Combine("acceptor"), new PhysicalDisk()))
            {
                Assert.InRange(store.State.Promised.Counter, reported, reported + 1);
                reported = store.State.Promised.Counter;
            }

            TestReplica.FlipBit(directory.Combine("acceptor") + (reported % 2 == 0 ? ".a" : ".b"), 40);
            using var damaged = AcceptorStore.Open(directory.Combine("acceptor"), new PhysicalDisk());
            Assert.Equal(reported, damaged.State.Promised.Counter);
        });
        Assert.True(points >= 12, $"only {points} crash points");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_acceptor_that_has_lost_its_memory_is_refused_and_never_starts_empty(bool isDamaged)
    {
        AcceptorStore.Create(Path, new PhysicalDisk());
        foreach (var slot in new[] { Path + ".a", Path + ".b" })
        {
            if (isDamaged)
            {
                TestReplica.FlipBit(slot, 30);
            }
            else
            {
                File.Delete(slot);
            }
        }

        Assert.Equal(RefusalReason.DamagedSlots, Assert.Throws<JournalRefusedException>(Open).Reason);
        if (isDamaged)
        {
            Assert.Equal(2, AcceptorStore.DamagedSlots(Path, new PhysicalDisk()).Count);
            Assert.Throws<JournalRefusedException>(() => AcceptorStore.Peek(Path, new PhysicalDisk()));
        }
        else
        {
            Assert.Null(AcceptorStore.Peek(Path, new PhysicalDisk()));
        }
    }

    [Fact]
    public void An_acceptor_that_remembers_something_is_not_made_anew()
    {
        AcceptorStore.Create(Path, new PhysicalDisk());
        using (var store = Open())
        {
            store.Store(State(1, 0, 1));
        }

        Assert.Throws<InvariantViolationException>(() => AcceptorStore.Create(Path, new PhysicalDisk()));
    }

    private static AcceptorState State(ulong promised, int valueBytes, int acceptors)
    {
        var value = new byte[valueBytes];
        Array.Fill(value, (byte)promised);
        return new AcceptorState(
            new Ballot(promised, new ReplicaId(UInt128.MaxValue)),
            new Ballot(promised - 1, new ReplicaId(promised)),
            new RegisterState([.. Enumerable.Range(1, acceptors).Select(i => new ReplicaId(UInt128.MaxValue - (UInt128)i))], promised * 3, value));
    }

    private static void AssertSame(AcceptorState expected, AcceptorState actual)
    {
        Assert.Equal((expected.Promised, expected.AcceptedAt), (actual.Promised, actual.AcceptedAt));
        Assert.Equal(expected.State!.Acceptors, actual.State!.Acceptors);
        Assert.Equal(expected.State.Version, actual.State.Version);
        Assert.True(expected.State.Value.Span.SequenceEqual(actual.State.Value.Span), "the value's bytes");
    }

    private AcceptorStore Open() => AcceptorStore.Open(Path, new PhysicalDisk());
}
