using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Tests.Journals;

/// <summary>A snapshot's way from one replica's disk to another's. The test carries the messages, and the time is what it says.</summary>
public sealed class SnapshotTransferTests : IDisposable
{
    private static readonly JournalId Journal = new(2);
    private static readonly ReplicaId Source = new(11);
    private readonly TemporaryDirectory _there = new();
    private readonly TemporaryDirectory _here = new();
    private readonly Queue<FetchSnapshot> _requests = new();
    private readonly List<SnapshotHeader> _published = [];
    private readonly List<(SnapshotFetchFailure Failure, string Details)> _failures = [];
    private readonly List<(ulong Received, ulong Total)> _progress = [];
    private readonly List<string> _damage = [];
    private readonly SnapshotServing _serving;
    private SnapshotFetching _fetching;
    private TimeSpan _now = TimeSpan.FromHours(1);

    public SnapshotTransferTests()
    {
        _serving = new SnapshotServing(There, _damage.Add);
        _fetching = NewFetching(new PhysicalDisk());
    }

    private SnapshotDirectory There => new(new PhysicalDisk(), _there.Path, Journal);

    private SnapshotDirectory Here => new(new PhysicalDisk(), _here.Path, Journal);

    public void Dispose()
    {
        _fetching.Dispose();
        _here.Dispose();
        _there.Dispose();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(SnapshotServing.PartBytesMax - 128, 1)]
    [InlineData(SnapshotServing.PartBytesMax - 127, 2)]
    [InlineData(5_000_000, 5)]
    public void A_snapshot_arrives_whole_in_parts_that_are_reported(int payloadBytes, int parts)
    {
        var header = Take(10, payloadBytes);
        _fetching.Begin(_now);
        Assert.Equal(parts, Run());

        Assert.Equal(header, Assert.Single(_published));
        Assert.Equal(header, Here.FindNewest(Assert.Fail));
        Assert.Equal(File.ReadAllBytes(FileThere(10)), File.ReadAllBytes(Assert.Single(Directory.GetFiles(_here.Path))));
        Assert.Equal(parts, _progress.Count);
        Assert.All(_progress, progress => Assert.Equal((ulong)payloadBytes + 128, progress.Total));
        Assert.Equal((ulong)payloadBytes + 128, _progress[^1].Received);
        Assert.Empty(_failures);
    }

    [Fact]
    public void What_is_lost_on_the_way_there_or_back_is_asked_for_again_and_what_comes_twice_is_taken_once()
    {
        Take(10, 3_000_000);
        _fetching.Begin(_now);
        var random = new Random(1);
        var asked = 0;
        while (_published.Count == 0)
        {
            if (!_requests.TryDequeue(out var request))
            {
                _now += TimeSpan.FromSeconds(1);
                _fetching.Tick(_now);
                continue;
            }

            Assert.True(++asked < 1000, "the transfer goes on");
            for (var copies = random.Next(3); copies > 0; copies--)
            {
                Deliver(_serving.Answer(request));
            }
        }

        Assert.True(asked > 3);
        Assert.Equal([1_048_576, 2_097_152, 3_000_128], _progress.Select(progress => progress.Received));
        Assert.Empty(_failures);
    }

    [Fact]
    public void A_request_is_repeated_only_after_a_while()
    {
        _fetching.Begin(_now);
        _fetching.Tick(_now + TimeSpan.FromMilliseconds(999));
        Assert.Single(_requests);
        _fetching.Tick(_now + TimeSpan.FromMilliseconds(1000));
        _fetching.Tick(_now + TimeSpan.FromMilliseconds(1500));
        Assert.Equal([new(SequenceNumber.None, 0), new FetchSnapshot(SequenceNumber.None, 0)], _requests);
    }

    [Fact]
    public void Parts_of_others_and_late_ones_are_ignored()
    {
        Take(10, 2_500_000);
        _fetching.Begin(_now);
        var first = Copy(_serving.Answer(_requests.Dequeue()));
        _fetching.Receive(new ReplicaId(12), first, _now);
        _fetching.Receive(new ReplicaId(12), new SnapshotPart(SequenceNumber.None, 0, 0, default), _now);
        Assert.Empty(_progress);

        Deliver(first);
        Deliver(first);
        Deliver(first with { Position = new(9) });
        Deliver(first with { Offset = 7 });
        Deliver(first with { Position = new(11), Offset = 1 << 20 });
        Deliver(new SnapshotPart(new(10), 1 << 20, first.FileBytes, default));
        Deliver(new SnapshotPart(new(10), 1 << 20, 99, new byte[] { 1 }));
        Assert.Equal(new FetchSnapshot(new(10), 1 << 20), Assert.Single(_requests));

        Run();
        Assert.Single(_published);
        Deliver(first);
        _fetching.Tick(_now + TimeSpan.FromDays(1));
        Assert.Empty(_requests);
        Assert.Single(_published);
    }

    [Fact]
    public void A_source_that_has_a_newer_one_goes_on_with_the_old_and_without_it_begins_anew()
    {
        Take(10, 3_000_000);
        _fetching.Begin(_now);
        DeliverNext();
        Take(20, 2_000_000);
        DeliverNext();
        Assert.Equal(2_097_152ul, _progress[^1].Received);

        Take(30, 2_000_000);
        There.DeleteOld(Assert.Fail);
        Assert.False(File.Exists(FileThere(10)));
        DeliverNext();
        Assert.Equal((1_048_576ul, 2_000_128ul), _progress[^1]);
        Run();

        Assert.Equal(new SequenceNumber(30), Assert.Single(_published).Applied.Last);
        Assert.Equal("30", Path.GetFileName(Assert.Single(Directory.GetFiles(_here.Path))));
    }

    [Fact]
    public void A_damaged_byte_is_never_published_and_another_fetch_can_begin()
    {
        Take(10, 2_000_000);
        _fetching.Begin(_now);
        while (_requests.TryDequeue(out var request))
        {
            var part = Copy(_serving.Answer(request));
            Deliver(part with { Bytes = Flipped(part) });
        }

        Assert.Equal(SnapshotFetchFailure.Damaged, Assert.Single(_failures).Failure);
        Assert.Empty(_published);
        Assert.Empty(Directory.GetFiles(_here.Path));

        BeginAnew(new PhysicalDisk());
        Run();
        Assert.Single(_published);
    }

    [Fact]
    public void A_damaged_snapshot_is_not_offered_and_one_that_decays_meanwhile_is_found_out()
    {
        Take(10, 1_500_000);
        Take(20, 1_500_000);
        Flip(FileThere(20), 1_400_000);
        _fetching.Begin(_now);
        DeliverNext();
        Flip(FileThere(10), 1_400_000);
        Run();

        Assert.Contains("20 is damaged", Assert.Single(_damage), StringComparison.Ordinal);
        Assert.Equal(SnapshotFetchFailure.Damaged, Assert.Single(_failures).Failure);

        // The source looks again before it offers the same to the next.
        BeginAnew(new PhysicalDisk());
        Run();
        Assert.Equal([SnapshotFetchFailure.Damaged, SnapshotFetchFailure.NoSnapshot], _failures.Select(failure => failure.Failure));
    }

    [Fact]
    public void A_source_without_a_snapshot_is_given_up_at_once()
    {
        _fetching.Begin(_now);
        Run();
        Assert.Equal(SnapshotFetchFailure.NoSnapshot, Assert.Single(_failures).Failure);
    }

    [Fact]
    public void A_source_that_falls_silent_is_given_up_and_nothing_of_it_is_left()
    {
        Take(10, 2_000_000);
        _fetching.Begin(_now);
        _now += TimeSpan.FromSeconds(59);
        DeliverNext();
        _now += TimeSpan.FromSeconds(59);
        _fetching.Tick(_now);
        Assert.Empty(_failures);
        Assert.Single(Directory.GetFiles(_here.Path));

        _now += TimeSpan.FromSeconds(1);
        _fetching.Tick(_now);
        Assert.Equal(SnapshotFetchFailure.Silent, Assert.Single(_failures).Failure);
        Assert.Empty(Directory.GetFiles(_here.Path));
    }

    [Fact]
    public void A_fetch_that_is_ended_or_interrupted_anywhere_can_begin_anew()
    {
        Take(10, 1_500_000);
        for (var point = 0; _published.Count == 0; point++)
        {
            Assert.True(point < 100, "the transfer completes");
            BeginAnew(new FaultInjectingDisk(new PhysicalDisk()) { Rule = FaultInjectingDisk.StopBefore(point) });
            try
            {
                Run();
            }
            catch (StorageFaultException)
            {
                // Killed there. Whether a whole file was published or not, the next fetch works.
                _published.Clear();
                Assert.All(Here.List(), position => Assert.NotNull(Here.FindNewest(position, Assert.Fail)));
            }

            using var again = NewFetching(new PhysicalDisk());
            again.Begin(_now);
            Deliver(_serving.Answer(_requests.Last()), again);
            Assert.True(_progress[^1].Received > 0);
        }

        Assert.Empty(_failures);
        Assert.NotNull(Here.FindNewest(Assert.Fail));
    }

    private SnapshotFetching NewFetching(IDisk disk) => new(new SnapshotDirectory(disk, _here.Path, Journal), Source, new SnapshotFetchingOptions
    {
        Send = (to, message) =>
        {
            Assert.Equal(Source, to);
            _requests.Enqueue(Assert.IsType<FetchSnapshot>(message));
        },
        Published = _published.Add,
        GaveUp = (failure, details) => _failures.Add((failure, details)),
        Progress = (received, total) => _progress.Add((received, total)),
    });

    private void BeginAnew(IDisk disk)
    {
        _requests.Clear();
        _fetching = NewFetching(disk);
        _fetching.Begin(_now);
    }

    /// <summary>Carries messages until none is on its way; returns how many were answered.</summary>
    private int Run()
    {
        var answered = 0;
        for (; _requests.Count > 0; answered++)
        {
            DeliverNext();
        }

        return answered;
    }

    private void DeliverNext() => Deliver(_serving.Answer(_requests.Dequeue()));

    // As on a connection: the bytes are gone when the message has been handled.
    private void Deliver(SnapshotPart part, SnapshotFetching? to = null)
    {
        var bytes = part.Bytes.ToArray();
        (to ?? _fetching).Receive(Source, part with { Bytes = bytes }, _now);
        Array.Clear(bytes);
    }

    private static SnapshotPart Copy(SnapshotPart part) => part with { Bytes = part.Bytes.ToArray() };

    private static byte[] Flipped(SnapshotPart part)
    {
        var bytes = part.Bytes.ToArray();
        bytes[^1] ^= (byte)(part.Offset > 0 ? 1 : 0);
        return bytes;
    }

    private static void Flip(string file, int offset)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[offset] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private string FileThere(ulong position) => Path.Combine(_there.Path, $"{position}");

    private SnapshotHeader Take(ulong position, int payloadBytes)
    {
        var payload = new byte[payloadBytes];
        new Random((int)position).NextBytes(payload);
        using var writer = There.Begin(new JournalEnd(new(position), new ChainHash(position), new Epoch(1), new JournalTime(5)), 1234);
        writer.Write(payload);
        using var reader = writer.Complete();
        writer.Publish();
        return reader.Header;
    }
}
