using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Slots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Tests.Slots;

/// <summary>Replicas share a disk, and a write may land in the file of the wrong one: their slots are not taken for each other's.</summary>
public sealed class SlotOwnerTests
{
    private const uint Kind = 1;
    private static readonly PhysicalDisk Disk = new();

    [Fact]
    public void A_slot_of_another_owner_is_damage()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("value");
        using (var slots = SlotPair.Open(Disk, path, Kind, 8, out _, owner: 5))
        {
            slots.WriteDurably([1, 2, 3]);
        }

        Assert.Equal([1, 2, 3], SlotPair.Read(Disk, path, Kind, 8, owner: 5).Value);
        var foreign = SlotPair.Read(Disk, path, Kind, 8, owner: 6);
        Assert.Null(foreign.Value);
        Assert.Equal(2, foreign.Damaged.Count);
        Assert.Null(SlotPair.Read(Disk, path, Kind, 8).Value);
    }

    [Fact]
    public void A_slot_of_an_older_program_is_read_and_bound_by_the_next_write()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("value");
        using (var slots = SlotPair.Open(Disk, path, Kind, 8, out _))
        {
            slots.WriteDurably([7]);
        }

        using (var slots = SlotPair.Open(Disk, path, Kind, 8, out var old, owner: 5))
        {
            Assert.Equal([7], old.Value);
            slots.WriteDurably([8]);
        }

        Assert.Equal([8], SlotPair.Read(Disk, path, Kind, 8, owner: 5).Value);
        Assert.Null(SlotPair.Read(Disk, path, Kind, 8, owner: 6).Value);
    }

    [Fact]
    public void A_newer_looking_promise_of_a_neighbour_does_not_replace_ours()
    {
        using var replica = new TestReplica();
        using (var store = replica.Open())
        {
            store.WritePromise(new ReplicaPromise(new(9), IsSealed: true));
        }

        using var directory = new TemporaryDirectory();
        var neighbour = TestReplica.Identity with { Journal = new JournalId(77) };
        ReplicaStore.Create(directory.Combine("neighbour"), neighbour, Disk, TestReplica.Small);
        using (var store = ReplicaStore.Open(directory.Combine("neighbour"), neighbour, Disk, TestReplica.Small, []))
        {
            for (var epoch = 1ul; epoch <= 8; epoch++)
            {
                store.WritePromise(new ReplicaPromise(new(epoch), IsSealed: false));
                store.WritePromise(new ReplicaPromise(new(epoch), IsSealed: true));
            }
        }

        File.Copy(directory.Combine("neighbour", "promise.a"), replica.Paths.Promise + ".a", overwrite: true);
        using var found = replica.Open();
        Assert.Equal(new ReplicaPromise(new(9), IsSealed: true), found.Promise);
    }
}
