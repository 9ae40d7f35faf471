using System.Text;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Tests.Journals;

public sealed class JournalHostTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FaultInjectingDisk _disk = new(new PhysicalDisk());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Appended_entries_are_read_back_in_order()
    {
        await using var journal = Open();
        Assert.Equal((1UL, 2UL), Positions(await journal.AppendAsync(Append("a", "b"))));
        Assert.Equal((3UL, 3UL), Positions(await journal.AppendAsync(Append("c"))));
        Assert.Equal(["a", "b", "c"], Read(journal));
    }

    [Fact]
    public async Task A_restart_keeps_everything_and_begins_a_new_reign_behind_it()
    {
        await using (var journal = Open())
        {
            await journal.AppendAsync(Append("a", "b"));
            Assert.Equal(new Epoch(1), journal.Engine.Epoch);
        }

        await using var again = Open();
        Assert.Equal(new Epoch(2), again.Engine.Epoch);
        Assert.Equal((3UL, 3UL), Positions(await again.AppendAsync(Append("c"))));
        Assert.Equal(["a", "b", "c"], Read(again));
    }

    [Fact]
    public async Task A_hundred_starts_without_an_append_change_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            await using var journal = Open();
            Assert.Equal(new Epoch((ulong)i + 1), journal.Engine.Epoch);
        }

        await using var last = Open();
        Assert.Equal((1UL, 1UL), Positions(await last.AppendAsync(Append("a"))));
    }

    [Fact]
    public async Task A_retry_after_a_restart_gets_the_original_position()
    {
        var request = Append("a") with { Client = new ClientId(7), ClientSequence = new ClientSequence(1) };
        await using (var journal = Open())
        {
            await journal.AppendAsync(Append("x"));
            await journal.AppendAsync(request);
        }

        await using var again = Open();
        var retry = await again.AppendAsync(request);
        Assert.Equal((AppendStatus.Ok, 2UL, true), (retry.Status, retry.First.Value, retry.Replayed));
        Assert.Equal(["x", "a"], Read(again));
    }

    [Fact]
    public async Task A_fence_outlives_a_restart()
    {
        await using (var journal = Open())
        {
            Assert.Equal(AppendStatus.Ok, (await journal.RaiseFenceAsync(new JournalFence(4), default)).Status);
        }

        await using var again = Open();
        Assert.Equal(AppendStatus.Fenced, (await again.AppendAsync(Append("a"))).Status);
        Assert.Equal(AppendStatus.Ok, (await again.AppendAsync(Append("a") with { Fence = new JournalFence(4) })).Status);
    }

    [Fact]
    public async Task No_append_is_answered_before_its_sync_has_returned()
    {
        await using var journal = Open();
        using var syncing = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        _disk.Rule = operation => operation.Kind == DiskOperationKind.SyncData
            ? new DiskFault.Delay(() =>
            {
                syncing.Release();
                goOn.Wait();
            })
            : null;
        var append = Task.Run(async () => await journal.AppendAsync(Append("a")), TestContext.Current.CancellationToken);
        await syncing.WaitAsync(TestContext.Current.CancellationToken);

        Assert.False(append.IsCompleted);
        Assert.Equal(SequenceNumber.None, journal.Engine.Committed);
        Assert.Empty(Read(journal));

        _disk.Rule = null;
        goOn.Set();
        Assert.Equal(AppendStatus.Ok, (await append).Status);
        Assert.Equal(["a"], Read(journal));
    }

    [Fact]
    public async Task After_a_failed_sync_nothing_is_answered_any_more()
    {
        await using var journal = Open();
        await journal.AppendAsync(Append("a"));
        _disk.Rule = FaultInjectingDisk.Once(o => o.Kind == DiskOperationKind.SyncData, 0, DiskFault.InputOutputError);

        await Assert.ThrowsAsync<JournalFailedException>(async () => await journal.AppendAsync(Append("b")));
        await Assert.ThrowsAsync<JournalFailedException>(async () => await journal.AppendAsync(Append("c")));
        await Assert.ThrowsAsync<StorageFaultException>(() => journal.Completion);
        Assert.Equal(["a"], Read(journal));
    }

    [Fact]
    public async Task A_full_disk_stops_the_journal_and_loses_nothing_acknowledged()
    {
        await using (var journal = Open())
        {
            await journal.AppendAsync(Append("a"));
            _disk.Rule = o => o.Kind is DiskOperationKind.Write or DiskOperationKind.ZeroFill ? DiskFault.NoSpace : null;
            await Assert.ThrowsAsync<JournalFailedException>(async () => await journal.AppendAsync(Append("b")));
        }

        _disk.Rule = null;
        await using var again = Open();
        Assert.Equal(["a"], Read(again));
    }

    [Fact]
    public async Task A_first_start_that_is_killed_anywhere_is_taken_up_by_the_next()
    {
        var interrupted = 0;
        for (var operation = 0; ; operation++)
        {
            using var directory = new TemporaryDirectory();
            _disk.Rule = FaultInjectingDisk.StopBefore(operation);
            try
            {
                await using var journal = Open(directory.Path);
                await journal.AppendAsync(Append("a"));
                break;
            }
            catch (Exception e) when (e is StorageFaultException or JournalFailedException)
            {
                interrupted++;
            }

            _disk.Rule = null;
            await using var again = Open(directory.Path);
            Assert.Equal(AppendStatus.Ok, (await again.AppendAsync(Append("b"))).Status);
            Assert.Contains("b", Read(again));
        }

        Assert.True(interrupted > 10, $"a first start changes the disk in many steps, not {interrupted}");
    }

    [Fact]
    public async Task A_restart_that_is_killed_anywhere_loses_nothing_acknowledged()
    {
        await using (var journal = Open())
        {
            await journal.AppendAsync(Append("a"));
        }

        for (var operation = 0; ; operation++)
        {
            _disk.Rule = FaultInjectingDisk.StopBefore(operation);
            try
            {
                await using var journal = Open();
                break;
            }
            catch (StorageFaultException)
            {
                _disk.Rule = null;
            }

            await using var again = Open();
            Assert.Equal(["a"], Read(again));
        }
    }

    [Fact]
    public async Task A_journal_without_its_register_is_refused()
    {
        await using (var journal = Open())
        {
            await journal.AppendAsync(Append("a"));
        }

        File.Delete(Path.Combine(_directory.Path, "register.a"));
        File.Delete(Path.Combine(_directory.Path, "register.b"));
        Assert.Contains("register", Assert.Throws<JournalRefusedException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_register_without_its_replica_is_refused()
    {
        await using (var journal = Open())
        {
            await journal.AppendAsync(Append("a"));
        }

        Directory.Delete(Path.Combine(_directory.Path, "replica"), recursive: true);
        Assert.Throws<JournalRefusedException>(() => Open());
    }

    [Fact]
    public async Task Two_processes_never_write_one_journal()
    {
        await using var journal = Open();
        Assert.Equal(RefusalReason.Locked, Assert.Throws<JournalRefusedException>(() => Open()).Reason);
    }

    [Fact]
    public async Task A_reader_far_behind_reads_from_disk_what_memory_no_longer_holds()
    {
        await using var journal = Open();
        var large = new string('x', 200_000);
        for (var i = 0; i < 120; i++)
        {
            await journal.AppendAsync(Append($"{i} {large}"));
        }

        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"{i} {large}"), Read(journal));
    }

    [Fact]
    public async Task A_snapshot_and_a_trim_drop_whole_files_and_keep_the_rest_readable()
    {
        var options = new SegmentOptions { DeviceFileBytes = 1 << 20, PreallocationStepBytes = 1 << 20, PreallocateInBackground = false };
        await using (var journal = Open(segments: options))
        {
            for (var i = 1; i <= 40; i++)
            {
                await journal.AppendAsync(Append($"{i} {new string('x', 100_000)}"));
            }

            await journal.PutSnapshotAsync(new SequenceNumber(30), Encoding.UTF8.GetBytes("state at 30"), TestContext.Current.CancellationToken);
            await journal.PutSnapshotAsync(new SequenceNumber(35), Encoding.UTF8.GetBytes("state at 35"), TestContext.Current.CancellationToken);
            var trimmed = await journal.TrimAsync(new SequenceNumber(30));
            Assert.InRange(trimmed.First.Value, 2UL, 30UL);
            Assert.Throws<PositionTrimmedException>(() => journal.Engine.Read(SequenceNumber.First, (in CommittedEntry _) => true));
        }

        await using var again = Open(segments: options);
        using var snapshot = again.Engine.OpenNewestSnapshot();
        Assert.NotNull(snapshot);
        var bytes = new byte[100];
        Assert.Equal("state at 35", Encoding.UTF8.GetString(bytes, 0, snapshot.Read(bytes)));
        Assert.Equal(40UL, again.Engine.Committed.Value);
        Assert.StartsWith("40 ", Read(again, from: again.Engine.Head)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_is_still_recognised_when_its_entry_was_trimmed()
    {
        var request = Append("a") with { Client = new ClientId(7), ClientSequence = new ClientSequence(1) };
        await using (var journal = Open())
        {
            await journal.AppendAsync(request);
            await journal.AppendAsync(Append("b"));
            await journal.PutSnapshotAsync(new SequenceNumber(2), default, TestContext.Current.CancellationToken);
        }

        await using var again = Open();
        Assert.True((await again.AppendAsync(request)).Replayed);
    }

    [Fact]
    public async Task Waiting_for_a_position_ends_when_it_is_committed()
    {
        await using var journal = Open();
        var wait = journal.Engine.WaitForCommitAsync(new SequenceNumber(2), TestContext.Current.CancellationToken);
        await journal.AppendAsync(Append("a"));
        Assert.False(wait.IsCompleted);
        await journal.AppendAsync(Append("b"));
        await wait;
    }

    private static AppendRequest Append(params string[] payloads) =>
        new() { Payloads = [.. payloads.Select(p => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(p))] };

    private static (ulong First, ulong Last) Positions(AppendResult result)
    {
        Assert.Equal(AppendStatus.Ok, result.Status);
        return (result.First.Value, result.Last.Value);
    }

    private static List<string> Read(JournalHost journal, SequenceNumber? from = null)
    {
        var payloads = new List<string>();
        journal.Engine.Read(from ?? SequenceNumber.First, (in CommittedEntry entry) =>
        {
            payloads.Add(Encoding.UTF8.GetString(entry.Payload));
            return true;
        });
        return payloads;
    }

    private JournalHost Open(string? path = null, SegmentOptions? segments = null) => JournalHost.Open(
        new JournalEngineOptions
        {
            Directory = path ?? _directory.Path,
            Disk = _disk,
            Segments = segments ?? new SegmentOptions { DeviceFileBytes = 1 << 20, PreallocationStepBytes = 1 << 18, PreallocateInBackground = false },
        },
        TimeProvider.System);
}
