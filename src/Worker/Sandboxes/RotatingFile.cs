namespace ControlPlane.Worker.Sandboxes;

/// <summary>
/// A file that never holds more than <c>bytesMax</c>: when full it becomes <c>PATH.1</c> (the older one is dropped) and a
/// new one starts. So at most twice that much is on disk, and the newest is always there.
/// </summary>
internal sealed class RotatingFile(string path, long bytesMax) : IDisposable
{
    private FileStream? _file;

    /// <exception cref="IOException">Nothing or a part was written; later writes may succeed.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _file ??= Open();
        if (_file.Length > 0 && _file.Length + bytes.Length > bytesMax)
        {
            Dispose();
            File.Move(path, path + ".1", overwrite: true);
            _file = Open();
        }

        _file.Write(bytes);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    // Unbuffered: a line is in the page cache when Write returns, whatever happens to the agent.
    private FileStream Open() => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
