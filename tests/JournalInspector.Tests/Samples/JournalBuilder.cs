using System.Buffers;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Reading;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Entries;
using Google.Protobuf;

namespace ControlPlane.JournalInspector.Tests.Samples;

/// <summary>
/// Writes a journal with the real engine and the real worker manager beside it, but with fixed identifiers and times, so
/// that the same bytes come out each time.
/// </summary>
internal sealed class JournalBuilder : IDisposable
{
    private static readonly SegmentOptions Small = new()
    {
        DeviceFileBytes = SegmentLayout.PageBytes,
        PreallocationStepBytes = 64 * 1024,
        PreallocateInBackground = false,
    };

    private readonly string _path;
    private readonly ulong _firstId;
    private JournalEngine _engine;
    private CoreReplay _replay = new(new PartitionId(0), new CoreOptions());
    private JournalTime _now = JournalTime.FromDateTimeOffset(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public JournalBuilder(string path, ulong firstId = 0xa0)
    {
        _path = path;
        _firstId = firstId;
        _engine = Open(_replay);
    }

    /// <summary>What the worker manager knows.</summary>
    public WorkerManagerCore Core => _replay.Core;

    public JournalEngine Engine => _engine;

    /// <summary>Lets time pass.</summary>
    public JournalBuilder After(double seconds)
    {
        _now = _now.Plus(TimeSpan.FromSeconds(seconds));
        return this;
    }

    /// <summary>One atomic, flushed append; returns the position of its first entry.</summary>
    public ulong Append(params Entry[] entries)
    {
        var result = _engine.Append(
            new AppendRequest
            {
                Payloads = [.. entries.Select(entry => (ReadOnlyMemory<byte>)entry.ToByteArray())],
                ProducerVersion = EntryFormat.Version,
            },
            _now);
        Assert.Equal(AppendStatus.Ok, result.Status);
        _engine.EndBatch();
        foreach (var (entry, i) in entries.Select((entry, i) => (entry, i)))
        {
            _replay.Core.Apply(new EntryContext(result.First.Plus((ulong)i), _engine.Epoch, _now), entry);
        }

        return result.First.Value;
    }

    /// <summary>Journals the state's hash, as a leader does at intervals.</summary>
    public ulong AppendStateHash()
    {
        var hash = Core.Hash.Value;
        return Append(new Entry { StateHashed = new StateHashed { HashHigh = (ulong)(hash >> 64), HashLow = (ulong)hash } });
    }

    /// <summary>As the journal service does for its users: bytes that are not the worker manager's.</summary>
    public void AppendOpaque(ClientId client, ClientSequence sequence, byte[] payload)
    {
        _engine.Append(new AppendRequest { Payloads = [payload], Client = client, ClientSequence = sequence }, _now);
        _engine.EndBatch();
    }

    public void RaiseFence(ulong fence)
    {
        _engine.RaiseFence(new JournalFence(fence), default, _now);
        _engine.EndBatch();
    }

    /// <summary>Publishes a snapshot of everything so far.</summary>
    public void TakeSnapshot()
    {
        var state = new JournalState();
        JournalEnd end = default;
        _engine.Read(SequenceNumber.First, (in CommittedEntry entry) =>
        {
            state.Apply(entry.Header, entry.Payload);
            end = JournalEnd.Behind(entry.Header, entry.Hash);
            return true;
        });
        var payload = new ArrayBufferWriter<byte>();
        SnapshotPayload.WriteJournalState(state, payload);
        Core.WriteSnapshot(payload);
        using var writer = _engine.Snapshots.Begin(end, Core.Hash.Value);
        writer.Write(payload.WrittenSpan);
        writer.Complete().Dispose();
        writer.Publish();
    }

    /// <summary>Ends this reign and begins the next, as a restart does.</summary>
    public void Restart()
    {
        Dispose();
        _replay = new CoreReplay(new PartitionId(0), new CoreOptions());
        _engine = Open(_replay);
    }

#pragma warning disable VSTHRD002 // A sole replica closes without waiting for anything.
    public void Dispose() => _engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private JournalEngine Open(CoreReplay replay)
    {
        UInt128 next = _firstId;
        return JournalOpening.Open(
            new JournalEngineOptions
            {
                Directory = _path,
                Cluster = new ClusterId(0xc1),
                Disk = new PhysicalDisk(),
                Segments = Small,
                NewId = () => ++next,
            },
            replay);
    }
}
