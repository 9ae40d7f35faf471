namespace ControlPlane.Journal.Disk.Faults;

/// <summary>A file of a <see cref="RecordingDisk"/>, opened for writing.</summary>
internal sealed class RecordingFile(RecordingDisk disk, IDiskFile inner, int handle) : IDiskFile
{
    public string Path => inner.Path;

    public long Length => inner.Length;

    public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var kept = bytes.ToArray();
        disk.Run(
            () => inner.Write(offset, kept),
            new RecordedChange(DiskOperationKind.Write, Path) { Handle = handle, Offset = offset, Length = kept.Length, Bytes = kept });
    }

    public void ZeroFill(long offset, long length) => disk.Run(
        () => inner.ZeroFill(offset, length),
        new RecordedChange(DiskOperationKind.ZeroFill, Path) { Handle = handle, Offset = offset, Length = length });

    public void SyncData() => disk.Run(
        inner.SyncData, new RecordedChange(DiskOperationKind.SyncData, Path) { Handle = handle });

    public void Dispose() => inner.Dispose();
}
