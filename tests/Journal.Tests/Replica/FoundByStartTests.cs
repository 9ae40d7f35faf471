using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>A start speaks for what it finds: neither a power cut afterwards, nor one damaged slot, nor a second start may bring back less, or something else.</summary>
public sealed class FoundByStartTests : IDisposable
{
    private readonly PowerCutDisk _cache = new(new PhysicalDisk());
    private readonly FaultInjectingDisk _disk;
    private readonly TestReplica _replica;

    public FoundByStartTests()
    {
        _disk = new FaultInjectingDisk(_cache);
        _replica = new TestReplica(_disk);
    }

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void Entries_that_a_killed_process_had_not_synced_survive_a_power_cut_behind_the_next_start()
    {
        using (var store = _replica.Open())
        {
            _replica.Begin(store, 1);
            _replica.Append(store, entries: 2, payloadBytes: 100, watermark: true);
            _replica.Append(store);
            _disk.Rule = operation => operation.Kind == DiskOperationKind.SyncData ? DiskFault.InputOutputError : null;
            Assert.Throws<StorageFaultException>(store.Flush);
        }

        _disk.Rule = null;
        using (var found = _replica.Open())
        {
            Assert.Equal(_replica.EndAt(3), found.End);
        }

        _cache.CutPower(() => false);
        using var again = _replica.Open();
        Assert.Equal(_replica.EndAt(3), again.End);
    }

    [Fact]
    public void Entries_that_a_start_found_are_proven_from_then_on()
    {
        _replica.Write(epoch: 1, entries: 5, watermark: false);
        _replica.Open().Dispose();
        TestReplica.Overwrite(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(4), new byte[700]);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_promise_that_a_start_found_survives_a_power_cut_and_any_one_damaged_slot(int changesBeforeTheKill)
    {
        using (var store = _replica.Open())
        {
            store.WritePromise(new ReplicaPromise(new(4), IsSealed: false));
            _disk.Rule = FaultInjectingDisk.StopBefore(changesBeforeTheKill);
            Assert.Throws<StorageFaultException>(() => store.WritePromise(new ReplicaPromise(new(5), IsSealed: true)));
        }

        _disk.Rule = null;
        ReplicaPromise found;
        using (var store = _replica.Open())
        {
            found = store.Promise;
        }

        _cache.CutPower(() => false);
        foreach (var slot in new[] { ".a", ".b" })
        {
            TestReplica.FlipBit(_replica.Paths.Promise + slot, 32);
            using var again = _replica.Open();
            Assert.Equal(found, again.Promise);
        }
    }

    [Fact]
    public void A_register_value_that_a_start_found_survives_a_power_cut_and_any_one_damaged_slot()
    {
        var path = _replica.Paths.Root + "-register";
        using (var register = FileConfigRegister.Open(path, _disk))
        {
            Assert.True(register.TryCompareAndSet(0, [1]));
            _disk.Rule = FaultInjectingDisk.StopBefore(1);
            Assert.Throws<StorageFaultException>(() => register.TryCompareAndSet(1, [2]));
        }

        _disk.Rule = null;
        using (var register = FileConfigRegister.Open(path, _disk))
        {
            Assert.Equal(2ul, register.Read()!.Version);
        }

        _cache.CutPower(() => false);
        foreach (var slot in new[] { ".a", ".b" })
        {
            TestReplica.FlipBit(path + slot, 26);
            using var register = FileConfigRegister.Open(path, _disk);
            Assert.Equal(2ul, register.Read()!.Version);
        }
    }

    [Fact]
    public void What_was_clipped_does_not_come_back_when_the_segments_that_took_over_are_set_aside()
    {
        _replica.Write(epoch: 1, entries: 5);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 5, start: 3);
            _replica.Append(store, entries: 1, payloadBytes: 100, watermark: true);
            _replica.Begin(store, 5);
        }

        TestReplica.FlipBit(_replica.SegmentFile(5, 3), TestReplica.FrameOffset(0) + 76);
        for (var start = 0; start < 3; start++)
        {
            using var store = _replica.OpenAmongSeveral();
            Assert.Equal(_replica.EndAt(2), store.End);
            Assert.False(store.Promise.IsWhole);
        }
    }

    [Fact]
    public void A_refusal_for_a_gap_names_the_directory_behind_it()
    {
        _replica.Write(epoch: 1, entries: 3);
        _replica.Write(epoch: 2, entries: 3);
        Directory.Delete(Path.Combine(_replica.Paths.Segments, "1-1"), recursive: true);
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.Gap, refusal.Reason);
        Assert.Contains(Path.Combine(_replica.Paths.Segments, "2-4"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_segment_does_not_bring_back_what_an_older_one_had_there_before_a_clip()
    {
        _replica.Write(epoch: 1, entries: 4);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 5, start: 3);
            _replica.Append(store, entries: 1, payloadBytes: 100, watermark: true);
            _replica.Begin(store, 6);
        }

        // Entry 3 of segment 1-1 is whole and in its place, and the newest segment, which is empty, cannot contradict it.
        Directory.Delete(Path.Combine(_replica.Paths.Segments, "5-3"), recursive: true);
        Assert.Equal(RefusalReason.Contradiction, _replica.Refusal().Reason);
        using var rolledBack = _replica.OpenAmongSeveral();
        Assert.False(rolledBack.Promise.IsWhole);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_emptied_first_file_is_damage_even_if_nothing_proves_what_was_in_it(int bytesLeft)
    {
        _replica.Write(epoch: 1, entries: 4, watermark: false);
        using (var file = new FileStream(_replica.SegmentFile(1, 1), FileMode.Open))
        {
            file.SetLength(bytesLeft);
        }

        Assert.Equal(RefusalReason.UnexplainedDamage, _replica.Refusal().Reason);
        using var store = _replica.OpenAmongSeveral();
        Assert.False(store.Promise.IsWhole);
    }
}
