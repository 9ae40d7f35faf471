using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Tests.Recovery;

/// <summary>
/// What disks do to a replica among several: it opens, serves nothing but the history, is durably not whole, keeps what lies behind the
/// damage, and is made whole again by what the others send.
/// </summary>
public sealed class RollBackTests : IDisposable
{
    private const int FirstOf2 = 41;
    private const int FirstOf3 = 61;
    private const ulong Last = 70;
    private readonly TestReplica _replica = new();

    public RollBackTests()
    {
        _replica.Write(epoch: 1, entries: FirstOf2 - 1);
        _replica.Write(epoch: 2, entries: FirstOf3 - FirstOf2);
        _replica.Write(epoch: 3, entries: 10);
    }

    /// <summary>Name, what is done to the files, and where the journal then ends.</summary>
    public static TheoryData<string, ulong> Damages => new()
    {
        { "flipped bit", 20 },
        { "flipped bit in the first entry", 0 },
        { "flipped bit in the last entry", 69 },
        { "flipped bit in a frame's length", 20 },
        { "flipped bit in an entry's version", 20 },
        { "zeroed sector", 20 },
        { "zeroed last entries", 67 },
        { "swapped words", 20 },
        { "misdirected entry", 20 },
        { "entry of another journal", 20 },
        { "whole entry of another history", 20 },
        { "entry of a later reign", 20 },
        { "cut file", 20 },
        { "emptied file", 0 },
        { "deleted file", 0 },
        { "deleted first segment", 0 },
        { "deleted segment between", 40 },
        { "deleted last segment", 60 },
        { "damaged segment between", 45 },
        { "damaged first entry of a segment", 40 },
    };

    private string File0 => _replica.SegmentFile(1, 1);

    public void Dispose() => _replica.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_rolls_the_replica_back_to_what_verifies(string damage, ulong end)
    {
        Inflict(damage);
        for (var start = 0; start < 2; start++)
        {
            using var store = _replica.OpenAmongSeveral();
            Assert.Equal(_replica.EndAt(end), store.End);
            Assert.False(store.Promise.IsWhole);
            _replica.AssertHoldsOnlyHistory(store);
            var found = Assert.Single(store.Report, line => line.Contains("rolled back to", StringComparison.Ordinal));
            Assert.StartsWith($"rolled back to {end},", found, StringComparison.Ordinal);
        }

        Assert.Equal(RefusalReason.AcknowledgedMissing, Plain(_replica.Refusal().Reason));
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.CatchUp(store, epoch: 3);
        }

        using (var store = _replica.OpenAmongSeveral())
        {
            Assert.Equal(_replica.EndAt(Last), store.End);
            Assert.False(store.Promise.IsWhole);
            store.MarkWhole();
        }

        using var healed = _replica.Open();
        Assert.Equal(_replica.EndAt(Last), healed.End);
        Assert.True(healed.Promise.IsWhole);
        _replica.AssertHoldsOnlyHistory(healed);
        Assert.DoesNotContain(_replica.SegmentNames(), name => name!.Contains("set-aside", StringComparison.Ordinal));
    }

    [Fact]
    public void The_report_names_the_place_the_last_good_entry_and_what_was_set_aside()
    {
        Inflict("flipped bit");
        using var store = _replica.OpenAmongSeveral();
        var found = Assert.Single(store.Report, line => line.StartsWith("rolled back", StringComparison.Ordinal));
        Assert.Contains($"{File0} at byte {TestReplica.FrameOffset(20)}", found, StringComparison.Ordinal);
        Assert.Contains("last good entry 20", found, StringComparison.Ordinal);
        Assert.Contains("segment 3-61 set aside as 3-61.set-aside", store.Report);
        Assert.Contains("segment 2-41 set aside as 2-41.set-aside", store.Report);
        Assert.Equal(["1-1", "2-41.set-aside", "3-61.set-aside"], _replica.SegmentNames());
    }

    [Fact]
    public void What_is_set_aside_and_the_rest_of_a_damaged_segment_keep_their_bytes()
    {
        Inflict("flipped bit");
        var before = File.ReadAllBytes(File0);
        var later = File.ReadAllBytes(_replica.SegmentFile(2, FirstOf2));
        using var store = _replica.OpenAmongSeveral();
        _replica.CatchUp(store, epoch: 3);
        Assert.Equal(before, File.ReadAllBytes(File0));
        Assert.Equal(later, File.ReadAllBytes(Path.Combine(_replica.Paths.Segments, "2-41.set-aside", SegmentLayout.FileName(0))));
        Assert.Equal(["1-1", "2-41.set-aside", "3-21", "3-61.set-aside"], _replica.SegmentNames());
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("no identity")]
    [InlineData("foreign directory")]
    [InlineData("newer entry")]
    [InlineData("newer promise")]
    public void What_is_no_damage_of_content_is_still_refused(string what)
    {
        switch (what)
        {
            case "identity":
                TestReplica.FlipBit(_replica.Paths.Identity, 20);
                break;
            case "no identity":
                File.Delete(_replica.Paths.Identity);
                break;
            case "foreign directory":
                Directory.CreateDirectory(Path.Combine(_replica.Paths.Segments, "backup.set-aside"));
                break;
            case "newer entry":
                TestReplica.Overwrite(File0, TestReplica.FrameOffset(20) + 4, _replica.Written[20].InNewerFormat());
                break;
            default:
                using (var slots = Journal.Slots.SlotPair.Open(_replica.Disk, _replica.Paths.Promise, PromiseSlot.SlotKind, PromiseSlot.SlotBytesMax, out _))
                {
                    slots.WriteDurably([3, 0, 0, 0, 1, 2, 3, 4]);
                }

                break;
        }

        var before = _replica.SegmentNames().ToArray();
        Assert.Throws<JournalRefusedException>(() => _replica.OpenAmongSeveral().Dispose());
        Assert.Equal(before, _replica.SegmentNames());
    }

    [Fact]
    public void Another_identity_and_a_held_lock_are_still_refused()
    {
        using var store = _replica.OpenAmongSeveral();
        Assert.Equal(RefusalReason.Locked, Assert.Throws<JournalRefusedException>(() => _replica.OpenAmongSeveral()).Reason);
        var other = TestReplica.Identity with { Replica = new ReplicaId(99) };
        Assert.Equal(
            RefusalReason.WrongIdentity,
            Assert.Throws<JournalRefusedException>(
                () => ReplicaStore.Open(_replica.Path, other, _replica.Disk, TestReplica.Small, [], DamagePolicy.RollBack)).Reason);
    }

    [Fact]
    public void A_lost_promise_promises_nothing_and_is_not_whole()
    {
        using (var store = _replica.Open())
        {
            store.WritePromise(new ReplicaPromise(new(9), IsSealed: true));
        }

        TestReplica.FlipBit(_replica.Paths.Promise + ".a", 30);
        File.Delete(_replica.Paths.Promise + ".b");
        for (var start = 0; start < 2; start++)
        {
            using var store = _replica.OpenAmongSeveral();
            Assert.Equal(ReplicaPromise.Lost, store.Promise);
            Assert.Equal(_replica.EndAt(Last), store.End);
        }

        using var again = _replica.Open();
        Assert.Equal(ReplicaPromise.Lost, again.Promise);
        again.WritePromise(new ReplicaPromise(new(9), IsSealed: false, IsWhole: false));
        Assert.Throws<InvariantViolationException>(() => again.WritePromise(new ReplicaPromise(new(10), IsSealed: false)));
        again.MarkWhole();
        Assert.Equal(new ReplicaPromise(new(9), IsSealed: false), again.Promise);
    }

    [Fact]
    public void A_lost_watermark_makes_a_replica_among_several_not_whole()
    {
        TestReplica.FlipBit(_replica.Paths.Watermark + ".a", 30);
        File.Delete(_replica.Paths.Watermark + ".b");
        using var store = _replica.OpenAmongSeveral();
        Assert.False(store.Promise.IsWhole);
        Assert.Equal(_replica.EndAt(Last), store.End);
        Assert.Contains(store.Report, line => line.Contains("what was acknowledged is not known", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_whole_snapshot_a_trimmed_journal_is_rolled_back_to_nothing()
    {
        using (var store = _replica.Open())
        {
            Publish(store, _replica.EndAt(50));
            Assert.Equal(new(FirstOf2), store.TrimTo(new(1000)));
        }

        TestReplica.FlipBit(Path.Combine(_replica.Paths.Snapshots, "50"), 40);
        using var rolledBack = _replica.OpenAmongSeveral();
        Assert.Equal(JournalEnd.Empty(TestReplica.Identity.Journal), rolledBack.End);
        Assert.False(rolledBack.Promise.IsWhole);
        Assert.Equal(["2-41.set-aside", "3-61.set-aside"], _replica.SegmentNames());
    }

    [Theory]
    [InlineData(47, 50, 0)]
    [InlineData(55, 54, 41)]
    [InlineData(20, 70, 1)]
    public void Damage_beside_a_snapshot_rolls_back_to_it_or_to_what_verifies_behind_it(ulong damaged, ulong end, ulong head)
    {
        using (var store = _replica.Open())
        {
            Publish(store, _replica.EndAt(50));
            store.TrimTo(new(head == 41 ? 1000ul : 1));
        }

        var (file, first) = damaged < FirstOf2 ? (File0, 1ul) : (_replica.SegmentFile(2, FirstOf2), (ulong)FirstOf2);
        TestReplica.FlipBit(file, TestReplica.FrameOffset((int)(damaged - first)) + 40);
        using var rolledBack = _replica.OpenAmongSeveral();
        Assert.Equal(_replica.EndAt(end), rolledBack.End);
        Assert.Equal(damaged == 20, rolledBack.Promise.IsWhole);
        Assert.Equal(head == 0 ? end + 1 : head, rolledBack.Head.Value);
        Assert.Equal(_replica.EndAt(50), rolledBack.EndAt(new(50)));
    }

    [Fact]
    public void A_snapshot_of_another_history_is_kept_and_nothing_below_it()
    {
        using (var store = _replica.Open())
        {
            Publish(store, _replica.EndAt(50) with { LastHash = new ChainHash(99) });
        }

        using var rolledBack = _replica.OpenAmongSeveral();
        Assert.False(rolledBack.Promise.IsWhole);
        Assert.Equal((new SequenceNumber(50), new ChainHash(99)), (rolledBack.End.Last, rolledBack.End.LastHash));
        Assert.Equal(["1-1.set-aside", "2-41.set-aside", "3-61.set-aside"], _replica.SegmentNames());
    }

    [Fact]
    public void A_reign_that_the_register_closed_with_another_hash_is_rolled_back_to_the_one_before()
    {
        var first = new ClosedEpoch(new(1), new(FirstOf2), _replica.EndAt(FirstOf2 - 1).LastHash);
        using var rolledBack = _replica.OpenAmongSeveral(first, new ClosedEpoch(new(2), new(FirstOf3), new ChainHash(99)));
        Assert.False(rolledBack.Promise.IsWhole);
        Assert.Equal(_replica.EndAt(FirstOf2 - 1), rolledBack.End);
    }

    [Fact]
    public void A_missing_first_file_behind_a_snapshot_is_a_gap()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 60, payloadBytes: 100_000);
        using (var store = replica.Open())
        {
            Publish(store, replica.EndAt(5));
        }

        File.Delete(replica.SegmentFile(1, 1));
        Assert.Equal(RefusalReason.Gap, replica.Refusal().Reason);
        using var rolledBack = replica.OpenAmongSeveral();
        Assert.Equal(replica.EndAt(5), rolledBack.End);
        Assert.False(rolledBack.Promise.IsWhole);
    }

    [Fact]
    public void A_roll_back_that_is_killed_anywhere_is_done_by_the_next_start()
    {
        Inflict("flipped bit");
        var points = CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(_replica, directory, disk);
            replica.OpenAmongSeveral().Dispose();
        },
        (directory, _) =>
        {
            using var store = ReplicaStore.Open(directory.Combine("replica"), TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, [], DamagePolicy.RollBack);
            Assert.False(store.Promise.IsWhole);
            Assert.Equal(_replica.EndAt(20), store.End);
            Assert.Equal(["1-1", "2-41.set-aside", "3-61.set-aside"], Directory.GetDirectories(directory.Combine("replica", "segments")).Select(Path.GetFileName).Order());
        });
        Assert.True(points > 14, $"only {points} crash points");
    }

    [Fact]
    public void Becoming_whole_survives_a_kill_anywhere()
    {
        Inflict("flipped bit");
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.CatchUp(store, epoch: 3);
        }

        var points = CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(_replica, directory, disk);
            using var store = replica.OpenAmongSeveral();
            store.MarkWhole();
        },
        (directory, completed) =>
        {
            using var store = ReplicaStore.Open(directory.Combine("replica"), TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, [], DamagePolicy.RollBack);
            Assert.True(store.Promise.IsWhole || !completed);
            Assert.Equal(_replica.EndAt(Last), store.End);
            _replica.AssertHoldsOnlyHistory(store);
            Assert.Equal(store.Promise.IsWhole ? 2 : 4, Directory.GetDirectories(directory.Combine("replica", "segments")).Length);
        });
        Assert.True(points >= 8, $"only {points} crash points");
    }

    private static RefusalReason Plain(RefusalReason reason) =>
        reason is RefusalReason.AcknowledgedDamaged or RefusalReason.Gap ? RefusalReason.AcknowledgedMissing : reason;

    private static void Publish(ReplicaStore store, JournalEnd end)
    {
        using SnapshotWriter writer = store.Snapshots.Begin(end, stateHash: 7);
        writer.Write([1, 2, 3]);
        writer.Complete().Dispose();
        writer.Publish();
    }

    private void Inflict(string damage)
    {
        var frame = TestReplica.FrameOffset(20);
        var entry = (int)frame + 4;
        var bytes = File.ReadAllBytes(File0);
        var other = new EntryChain(TestReplica.Identity.Journal, _replica.EndAt(Last) with { Last = new(20) });
        switch (damage)
        {
            case "flipped bit":
                TestReplica.FlipBit(File0, frame + 4 + EntryCodec.HeaderBytes + 17);
                break;
            case "flipped bit in the first entry":
                TestReplica.FlipBit(File0, TestReplica.FrameOffset(0) + 40);
                break;
            case "flipped bit in the last entry":
                TestReplica.FlipBit(_replica.SegmentFile(3, FirstOf3), TestReplica.FrameOffset(9) + 40);
                break;
            case "flipped bit in a frame's length":
                TestReplica.FlipBit(File0, frame);
                break;
            case "flipped bit in an entry's version":
                TestReplica.FlipBit(File0, frame + 4 + 5);
                break;
            case "zeroed sector":
                TestReplica.Overwrite(File0, frame, new byte[512]);
                break;
            case "zeroed last entries":
                TestReplica.Overwrite(_replica.SegmentFile(3, FirstOf3), TestReplica.FrameOffset(7), new byte[2048]);
                break;
            case "swapped words":
                var word = entry + EntryCodec.HeaderBytes;
                TestReplica.Overwrite(File0, word, [.. bytes[(word + 8)..(word + 16)], .. bytes[word..(word + 8)]]);
                break;
            case "misdirected entry":
                TestReplica.Overwrite(File0, frame, bytes[(int)TestReplica.FrameOffset(10)..(int)TestReplica.FrameOffset(11)]);
                break;
            case "entry of another journal":
                TestReplica.Overwrite(File0, entry, new EntryChain(new JournalId(99), other.End).Next().Encoded);
                break;
            case "whole entry of another history":
                TestReplica.Overwrite(File0, entry, other.Next().Encoded);
                break;
            case "entry of a later reign":
                other.Epoch = new(2);
                TestReplica.Overwrite(File0, entry, other.Next().Encoded);
                break;
            case "cut file":
                File.WriteAllBytes(File0, bytes[..(entry + 60)]);
                break;
            case "emptied file":
                File.WriteAllBytes(File0, []);
                break;
            case "deleted file":
                File.Delete(File0);
                break;
            case "deleted first segment":
                Directory.Delete(Path.GetDirectoryName(File0)!, recursive: true);
                break;
            case "deleted segment between":
                Directory.Delete(Path.GetDirectoryName(_replica.SegmentFile(2, FirstOf2))!, recursive: true);
                break;
            case "deleted last segment":
                Directory.Delete(Path.GetDirectoryName(_replica.SegmentFile(3, FirstOf3))!, recursive: true);
                break;
            case "damaged segment between":
                TestReplica.FlipBit(_replica.SegmentFile(2, FirstOf2), TestReplica.FrameOffset(5) + 40);
                break;
            case "damaged first entry of a segment":
                TestReplica.FlipBit(_replica.SegmentFile(2, FirstOf2), TestReplica.FrameOffset(0) + 40);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "Unknown.");
        }
    }
}
