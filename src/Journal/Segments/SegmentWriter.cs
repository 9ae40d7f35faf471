using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using FASTER.core;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// Writes one segment: entries go into one FasterLog, and <see cref="Flush"/> makes them durable.
/// Guarantee: when Flush returns, every entry appended before it survives a power cut. In the common case it costs one
/// write and one data sync, on the calling thread.
/// Fail stop: the first fault makes the writer useless for ever; Append and Flush then throw that same fault. FASTER
/// alone would go on accepting entries after a failed write and report nothing.
/// One thread at a time, not always the same.
/// </summary>
public sealed class SegmentWriter : IDisposable
{
    // FASTER writes a page out when it needs its buffer again; more pages let a larger append stay in one flush.
    private const long BufferBytes = 8L * SegmentLayout.PageBytes;

    private readonly SegmentFiles _files;
    private readonly SegmentDevice _device;
    private readonly FasterLog _log;
    private readonly FasterFlush _flush;
    private StorageFaultException? _fault;
    private long _flushedUntil = SegmentLayout.FirstAddress;

    private SegmentWriter(SegmentName name, string directory, SegmentFiles files, SegmentOptions options)
    {
        Name = name;
        Directory = directory;
        _files = files;
        _device = new SegmentDevice(directory, files, options);
        _log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitManager = new NoCommitMetadata(),
            LogChecksum = LogChecksumType.None,
            PageSize = SegmentLayout.PageBytes,
            MemorySize = BufferBytes,
            SegmentSize = options.DeviceFileBytes,
            FastCommitMode = false,
            TryRecoverLatest = false,
        });
        _flush = new FasterFlush(_log);
        Invariant.Check(_log.BeginAddress == SegmentLayout.FirstAddress, "FASTER begins where the layout says");
        Invariant.Check(_log.TailAddress == SegmentLayout.FirstAddress, "FASTER begins empty");
    }

    /// <summary>The segment.</summary>
    public SegmentName Name { get; }

    /// <summary>Its directory.</summary>
    public string Directory { get; }

    /// <summary>Address after the last appended entry.</summary>
    public long TailAddress { get; private set; } = SegmentLayout.FirstAddress;

    /// <summary>Bytes of appended frames that are not yet durable.</summary>
    public long UnflushedBytes => TailAddress - _flushedUntil;

    /// <summary>Creates the segment durably inside the directory <paramref name="parent"/>; it must not exist.</summary>
    public static SegmentWriter Create(IDisk disk, string parent, SegmentName name, SegmentOptions options)
    {
        options.Validate();
        var files = SegmentFiles.Create(disk, parent, name, options);
        return new SegmentWriter(name, Path.Combine(parent, name.ToString()), files, options);
    }

    /// <summary>Copies one encoded entry behind the others. Not durable before <see cref="Flush"/>.</summary>
    /// <param name="encodedEntry">As <c>EntryCodec.Write</c> made it; not kept.</param>
    public void Append(ReadOnlySpan<byte> encodedEntry)
    {
        ThrowIfFailed();
        Invariant.Check(encodedEntry.Length is > 0 and <= SegmentLayout.EntryBytesMax, "an entry is within the format's limits");
        if (!_log.TryEnqueue(encodedEntry, out var address))
        {
            // All page buffers hold unwritten entries: write them out, which needs no sync yet.
            _flush.WriteOut();
            ThrowIfFailed();
            Invariant.Check(_log.TryEnqueue(encodedEntry, out address), "FASTER has room after its pages were written");
        }

        ThrowIfFailed();
        var frameBytes = SegmentLayout.FrameBytes(encodedEntry.Length);
        Invariant.Check(address == SegmentLayout.PlaceFrame(TailAddress, frameBytes), "FASTER places entries as the layout says");
        TailAddress = address + frameBytes;
    }

    /// <summary>
    /// On return everything appended is durable. Throws <see cref="StorageFaultException"/> if that cannot be said; the
    /// entries since the last Flush may then be durable or not, and nobody may be told that they are.
    /// </summary>
    public void Flush()
    {
        ThrowIfFailed();
        if (TailAddress == _flushedUntil)
        {
            return;
        }

        _flush.WriteOut();
        ThrowIfFailed();
        Invariant.Check(_log.FlushedUntilAddress == TailAddress, "FASTER has written everything that was appended");
        try
        {
            _files.SyncWritten();
        }
        catch (StorageFaultException fault)
        {
            _fault = fault;
            throw;
        }

        _flushedUntil = TailAddress;
    }

    /// <summary>Closes the files. Entries that were not flushed may be lost: nobody was told about them.</summary>
    public void Dispose()
    {
        _log.Dispose();
        _device.Dispose();
    }

    private void ThrowIfFailed()
    {
        _fault ??= _device.Fault;
        if (_fault is { } fault)
        {
            throw new StorageFaultException(fault.Operation, fault.Reason, fault);
        }
    }
}
