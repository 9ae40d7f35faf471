namespace ControlPlane.Journal.Disk.Faults;

/// <summary>A file of a <see cref="PowerCutDisk"/>.</summary>
internal sealed class PowerCutFile(PowerCutDisk disk, IDiskFile inner) : IDiskFile
{
    public string Path => inner.Path;

    public long Length => inner.Length;

    public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Remember(offset, bytes.Length);
        inner.Write(offset, bytes);
    }

    public void ZeroFill(long offset, long length)
    {
        Remember(offset, (int)length);
        inner.ZeroFill(offset, length);
    }

    public void SyncData() => disk.Synced(Path);

    public void Dispose() => inner.Dispose();

    private void Remember(long offset, int length)
    {
        var before = new byte[length];
        var read = inner.Read(offset, before);
        disk.Add(new UnsyncedWrite(Path, offset, length, before[..read]));
    }
}
