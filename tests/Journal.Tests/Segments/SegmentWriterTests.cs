using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Segments;

public sealed class SegmentWriterTests : IDisposable
{
    private static readonly SegmentName Name = new(new Epoch(1), SequenceNumber.First);
    private readonly TemporaryDirectory _directory = new();
    private readonly FaultInjectingDisk _disk = new(new PhysicalDisk());
    private readonly EntryChain _chain = new(TestReplica.Identity.Journal);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_flush_is_one_write_and_one_data_sync()
    {
        using var writer = Create();
        writer.Append(_chain.Next().Encoded);
        writer.Flush();
        _disk.ForgetCompleted();

        for (var i = 0; i < 10; i++)
        {
            writer.Append(_chain.Next().Encoded);
        }

        writer.Flush();
        Assert.Equal([DiskOperationKind.Write, DiskOperationKind.SyncData], _disk.Completed.Select(operation => operation.Kind));
    }

    [Fact]
    public void A_flush_of_nothing_does_nothing()
    {
        using var writer = Create();
        _disk.ForgetCompleted();
        writer.Flush();
        Assert.Empty(_disk.Completed);
    }

    [Fact]
    public void Nothing_is_written_where_no_zeros_were_synced_before()
    {
        using var writer = Create();
        for (var i = 0; i < 40; i++)
        {
            writer.Append(_chain.Next(payloadBytes: 90_000).Encoded);
            writer.Flush();
        }

        var filled = new Dictionary<string, long>();
        var synced = new Dictionary<string, long>();
        foreach (var operation in _disk.Completed)
        {
            // The first file is filled under the name that it has before its directory is renamed.
            var path = operation.Path.Replace(".unfinished", "", StringComparison.Ordinal);
            switch (operation.Kind)
            {
                case DiskOperationKind.ZeroFill:
                    Assert.Equal(filled.GetValueOrDefault(path), operation.Offset);
                    filled[path] = operation.Offset + operation.Length;
                    break;
                case DiskOperationKind.SyncData:
                    synced[path] = filled[path];
                    break;
                case DiskOperationKind.Write:
                    Assert.True(operation.Offset + operation.Length <= synced[path], $"{operation} lies behind {synced[path]}");
                    break;
                default:
                    break;
            }
        }

        Assert.True(filled.Count > 3);
    }

    [Fact]
    public void A_new_device_file_is_made_durable_in_its_directory_before_it_is_written()
    {
        using var writer = Create();
        for (var i = 0; i < 13; i++)
        {
            writer.Append(_chain.Next(payloadBytes: 90_000).Encoded);
            writer.Flush();
        }

        var second = SegmentLayout.FileName(1);
        var steps = _disk.Completed
            .SkipWhile(operation => operation.Kind != DiskOperationKind.Create || !operation.Path.EndsWith(second, StringComparison.Ordinal))
            .Select(operation => operation.Kind)
            .Take(4);
        Assert.Equal([DiskOperationKind.Create, DiskOperationKind.ZeroFill, DiskOperationKind.SyncData, DiskOperationKind.SyncDirectory], steps);
    }

    [Fact]
    public void A_segment_begins_with_little_and_grows_by_whole_steps()
    {
        using var writer = Create(TestReplica.Small with { DeviceFileBytes = 1 << 20, PreallocationStepBytes = 1 << 18, FirstStepBytes = 1 << 16 });
        for (var i = 0; i < 8; i++)
        {
            writer.Append(_chain.Next(payloadBytes: 100_000).Encoded);
            writer.Flush();
        }

        var filled = _disk.Completed.Where(operation => operation.Kind == DiskOperationKind.ZeroFill).Select(operation => (operation.Offset, operation.Length));
        Assert.Equal([(0, 1 << 16), (1 << 16, (1 << 18) - (1 << 16)), (1 << 18, 1 << 18), (2 << 18, 1 << 18), (3 << 18, 1 << 18)], filled.Take(5));
    }

    [Fact]
    public void More_than_the_buffers_hold_is_written_out_and_then_synced_once_for_each_file()
    {
        using var writer = Create(TestReplica.Small with { DeviceFileBytes = 64L << 20, PreallocationStepBytes = 16L << 20 });
        for (var i = 0; i < 60; i++)
        {
            writer.Append(_chain.Next(payloadBytes: 250_000).Encoded);
        }

        _disk.ForgetCompleted();
        writer.Flush();
        Assert.Single(_disk.Completed, operation => operation.Kind == DiskOperationKind.SyncData);
        Assert.Equal(0, writer.UnflushedBytes);
        using var scanner = new SegmentScanner(new PhysicalDisk(), _directory.Path, Name, TestReplica.Identity.Journal, 64L << 20);
        Assert.Equal(_chain.End, scanner.Scan(new ScanRange { After = JournalEnd.Empty(TestReplica.Identity.Journal) }).End);
    }

    [Fact]
    public void Preallocation_in_the_background_keeps_ahead_of_the_writer()
    {
        using (var writer = Create(TestReplica.Small with { PreallocateInBackground = true }))
        {
            for (var i = 0; i < 500; i++)
            {
                writer.Append(_chain.Next(payloadBytes: 10_000).Encoded);
                writer.Flush();
            }
        }

        using var scanner = new SegmentScanner(new PhysicalDisk(), _directory.Path, Name, TestReplica.Identity.Journal, SegmentLayout.PageBytes);
        var scan = scanner.Scan(new ScanRange { After = JournalEnd.Empty(TestReplica.Identity.Journal) });
        Assert.Equal(_chain.End, scan.End);
        Assert.Null(scan.Damage);
    }

    [Theory]
    [InlineData(DiskOperationKind.Write)]
    [InlineData(DiskOperationKind.SyncData)]
    public void After_a_failed_write_or_sync_the_writer_never_works_again(DiskOperationKind kind)
    {
        using var writer = Create();
        writer.Append(_chain.Next().Encoded);
        writer.Flush();
        _disk.Rule = FaultInjectingDisk.Once(operation => operation.Kind == kind, skip: 0, DiskFault.InputOutputError);
        writer.Append(_chain.Next().Encoded);
        var fault = Assert.Throws<StorageFaultException>(writer.Flush);
        Assert.Equal(kind, fault.Operation.Kind);
        Assert.EndsWith(SegmentLayout.FileName(0), fault.Operation.Path, StringComparison.Ordinal);
        Assert.Contains("errno 5", fault.Message, StringComparison.Ordinal);

        // The disk is well again; the writer is not.
        Assert.Throws<StorageFaultException>(writer.Flush);
        Assert.Throws<StorageFaultException>(() => writer.Append(_chain.Next().Encoded));
    }

    [Fact]
    public void A_full_disk_met_while_allocating_ahead_stops_the_writer()
    {
        using var writer = Create(TestReplica.Small with { PreallocateInBackground = true });
        _disk.Rule = operation => operation.Kind == DiskOperationKind.ZeroFill ? DiskFault.NoSpace : null;
        var fault = Assert.Throws<StorageFaultException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                writer.Append(_chain.Next(payloadBytes: 10_000).Encoded);
                writer.Flush();
            }
        });
        Assert.Equal(DiskOperationKind.ZeroFill, fault.Operation.Kind);
        Assert.Contains("No space left", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_does_not_return_before_the_sync_has()
    {
        using var writer = Create();
        writer.Append(_chain.Next().Encoded);
        using var reached = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _disk.Rule = operation => operation.Kind == DiskOperationKind.SyncData
            ? new DiskFault.Delay(() =>
            {
                reached.Set();
                release.Wait(TestContext.Current.CancellationToken);
            })
            : null;
        var flush = Task.Run(writer.Flush, TestContext.Current.CancellationToken);
        Assert.True(reached.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        Assert.False(flush.IsCompleted);
        Assert.True(writer.UnflushedBytes > 0);
        release.Set();
        await flush;
        Assert.Equal(0, writer.UnflushedBytes);
    }

    private SegmentWriter Create(SegmentOptions? options = null) =>
        SegmentWriter.Create(_disk, _directory.Path, Name, options ?? TestReplica.Small);
}
