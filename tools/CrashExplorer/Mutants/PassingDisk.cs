using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Mutants;

/// <summary>A disk that hands everything on, with the two operations that deliberate bugs get wrong for a derived class to change.</summary>
internal abstract class PassingDisk(IDisk inner) : IDisk
{
    public IDiskFile Create(string path) => new PassingFile(this, inner.Create(path));

    public IDiskFile Open(string path, bool writable) => new PassingFile(this, inner.Open(path, writable));

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public void SyncDirectory(string path) => inner.SyncDirectory(path);

    public void Rename(string source, string destination) => inner.Rename(source, destination);

    public void DeleteFile(string path) => inner.DeleteFile(path);

    public void DeleteDirectory(string path) => inner.DeleteDirectory(path);

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public IReadOnlyList<string> List(string path) => inner.List(path);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    protected virtual void Write(IDiskFile file, long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

    protected virtual void SyncData(IDiskFile file) => file.SyncData();

    private sealed class PassingFile(PassingDisk disk, IDiskFile inner) : IDiskFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => disk.Write(inner, offset, bytes);

        public void ZeroFill(long offset, long length) => inner.ZeroFill(offset, length);

        public void SyncData() => disk.SyncData(inner);

        public void Dispose() => inner.Dispose();
    }
}
