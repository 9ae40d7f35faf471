using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using FASTER.core;

namespace ControlPlane.Journal.Tests.FasterFacts;

/// <summary>
/// What FasterLog 2.6.5 does by itself, found by experiment, and how the journal stands it. One test for each numbered
/// fact of the table in the project's README; where a fact has more sides, other tests are named there too.
/// </summary>
public sealed class FasterFactTests : IDisposable
{
    private readonly FaultInjectingDisk _disk = new(new PhysicalDisk());
    private readonly TestReplica _replica;

    public FasterFactTests() => _replica = new TestReplica(_disk);

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void Fact_1_its_device_never_syncs_so_ours_does_before_a_flush_returns()
    {
        using var store = OpenWithOneEntry();
        _disk.ForgetCompleted();
        _replica.Append(store);
        store.Flush();
        Assert.Equal([DiskOperationKind.Write, DiskOperationKind.SyncData], _disk.Completed.Select(operation => operation.Kind));
    }

    [Fact]
    public void Fact_2_a_commit_writes_no_metadata_file()
    {
        using var store = OpenWithOneEntry();
        _disk.ForgetCompleted();
        for (var i = 0; i < 100; i++)
        {
            _replica.Append(store);
            store.Flush();
        }

        Assert.All(_disk.Completed, operation => Assert.True(operation.Kind is DiskOperationKind.Write or DiskOperationKind.SyncData));
        Assert.Equal([SegmentLayout.FileName(0)], Directory.GetFileSystemEntries(Path.Combine(_replica.Paths.Segments, "1-1")).Select(Path.GetFileName));
    }

    [Fact]
    public void Fact_2_a_flush_does_not_even_begin_a_commit()
    {
        using var device = new NullDevice();
        using var commits = new CountingCommits();
        using var log = new FasterLog(new FasterLogSettings { LogDevice = device, LogCommitManager = commits, TryRecoverLatest = false });
        var begin = log.TailAddress;
        var flush = new FasterFlush(log);
        for (var i = 0; i < 200; i++)
        {
            log.Enqueue(new byte[100]);
            flush.WriteOut();
            Assert.Equal(log.TailAddress, log.FlushedUntilAddress);
        }

        Assert.Equal((begin, 0), (log.CommittedUntilAddress, commits.Count));

        // The check can fail: FASTER's own way counts.
        log.Enqueue(new byte[100]);
        log.Commit(spinWait: true);
        Assert.Equal((log.TailAddress, 1), (log.CommittedUntilAddress, commits.Count));
    }

    [Fact]
    public void Fact_3_a_full_disk_never_reports_success_and_never_empties_the_journal()
    {
        var acknowledged = 0ul;
        using (var store = OpenWithOneEntry())
        {
            acknowledged = store.FlushedEnd.Last.Value;
            _disk.Rule = operation => FaultInjectingDisk.ChangesTheDisk(operation.Kind) ? DiskFault.NoSpace : null;
            _replica.Append(store);
            for (var i = 0; i < 3; i++)
            {
                Assert.Throws<StorageFaultException>(store.Flush);
            }
        }

        _disk.Rule = null;
        using var reopened = _replica.Open();
        Assert.Equal(acknowledged, reopened.End.Last.Value);
    }

    [Fact]
    public void Fact_4_commit_metadata_that_someone_crafted_changes_nothing()
    {
        _replica.Write(epoch: 1, entries: 10);
        var commits = Directory.CreateDirectory(Path.Combine(_replica.Paths.Segments, "1-1", "log-commits"));
        File.WriteAllBytes(Path.Combine(commits.FullName, "commit.1.0"), new byte[64]);
        File.WriteAllBytes(Path.Combine(commits.FullName, "commit.2.0"), [.. Enumerable.Repeat((byte)0xFF, 512)]);
        using var store = _replica.Open();
        Assert.Equal(_replica.Chain.End, store.End);
    }

    [Fact]
    public void Fact_5_swapped_words_pass_its_checksum_and_not_ours()
    {
        _replica.Write(epoch: 1, entries: 10);
        var file = _replica.SegmentFile(1, 1);
        var bytes = File.ReadAllBytes(file);
        var at = (int)TestReplica.FrameOffset(5) + 4 + 128;
        TestReplica.Overwrite(file, at, [.. bytes[(at + 8)..(at + 16)], .. bytes[at..(at + 8)]]);
        Assert.Equal(RefusalReason.AcknowledgedDamaged, _replica.Refusal().Reason);
    }

    [Fact]
    public void Fact_6_a_zeroed_sector_hides_no_entries()
    {
        _replica.Write(epoch: 1, entries: 100);
        TestReplica.Overwrite(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(74), new byte[512]);
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.AcknowledgedDamaged, refusal.Reason);
        Assert.Equal(75ul, refusal.Damage!.Expected.Value);
    }

    [Fact]
    public void Fact_7_a_suffix_that_was_clipped_is_never_resurrected()
    {
        using (var store = OpenWithOneEntry())
        {
            _replica.Append(store, endsAppend: false);
            _replica.Append(store, endsAppend: false);
            store.Flush();
        }

        _replica.Write(epoch: 2, entries: 1);
        var end = _replica.Chain.End;
        _replica.Write(epoch: 3, entries: 0);
        using var reopened = _replica.Open();
        Assert.Equal(end, reopened.End);
        Assert.Equal(2ul, end.Last.Value);
    }

    [Fact]
    public void Fact_8_after_a_device_error_no_entry_is_taken_any_more()
    {
        using var store = OpenWithOneEntry();
        _disk.Rule = FaultInjectingDisk.Once(operation => operation.Kind == DiskOperationKind.Write, skip: 0, DiskFault.InputOutputError);
        _replica.Append(store);
        Assert.Throws<StorageFaultException>(store.Flush);
        Assert.Throws<StorageFaultException>(() => _replica.Append(store));
        Assert.Throws<StorageFaultException>(store.Flush);
        Assert.Equal(1ul, store.FlushedEnd.Last.Value);
    }

    [Fact]
    public void Fact_9_a_tail_is_clipped_without_touching_its_bytes()
    {
        _replica.Write(epoch: 1, entries: 10, watermark: false);
        var bytes = File.ReadAllBytes(_replica.SegmentFile(1, 1));
        using var clipped = _replica.Open(new ClosedEpoch(new(1), new(5), _replica.EndAt(4).LastHash));
        Assert.Equal(4ul, clipped.End.Last.Value);
        Assert.Equal(bytes, File.ReadAllBytes(_replica.SegmentFile(1, 1)));
    }

    [Fact]
    public void Fact_10_a_flush_waits_for_no_other_thread()
    {
        using var store = OpenWithOneEntry();
        var threads = new HashSet<int>();
        _disk.Rule = _ =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            return null;
        };
        for (var i = 0; i < 100; i++)
        {
            _replica.Append(store);
            store.Flush();
        }

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void Fact_11_a_torn_rewrite_of_the_last_sector_keeps_what_was_acknowledged_in_it()
    {
        using (var store = OpenWithOneEntry())
        {
            // The second flush rewrites the sector in which the first entry ends.
            _disk.ForgetCompleted();
            _replica.Append(store);
            _disk.Rule = operation => operation.Kind == DiskOperationKind.Write ? new DiskFault.TornWrite(sector => sector > 0) : null;
            store.Flush();
            Assert.Equal(0, _disk.Completed[0].Offset);
            _disk.Rule = null;
        }

        using var reopened = _replica.Open();
        Assert.Equal(1ul, reopened.End.Last.Value);
    }

    private ReplicaStore OpenWithOneEntry()
    {
        var store = _replica.Open();
        _replica.Begin(store, 1);
        _replica.Append(store);
        store.Flush();
        store.WriteWatermark(store.FlushedEnd.Last);
        return store;
    }

    private sealed class CountingCommits : ILogCommitManager
    {
        public int Count { get; private set; }

        public void Commit(long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata) => Count++;

        public byte[]? GetCommitMetadata(long commitNum) => null;

        public IEnumerable<long> ListCommits() => [];

        public void OnRecovery(long commitNum)
        {
        }

        public void RemoveAllCommits()
        {
        }

        public void RemoveCommit(long commitNum)
        {
        }

        public void Dispose()
        {
        }
    }
}
