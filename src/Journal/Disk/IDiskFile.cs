namespace ControlPlane.Journal.Disk;

/// <summary>An open file of an <see cref="IDisk"/>. Reads and writes at explicit positions may run on several threads at once.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>The path it was opened by.</summary>
    string Path { get; }

    /// <summary>Its length in bytes, asked anew each time: another process may be writing it.</summary>
    long Length { get; }

    /// <summary>Reads into all of <paramref name="buffer"/> or up to the end of the file; returns the bytes read.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes all of <paramref name="bytes"/>. Not durable before <see cref="SyncData"/>.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Writes real zeros, extending the file. Unwritten extents (fallocate) would double the cost of each later sync.</summary>
    void ZeroFill(long offset, long length);

    /// <summary>On return every byte written before the call is durable, and so is the length that is needed to read it.</summary>
    void SyncData();
}
