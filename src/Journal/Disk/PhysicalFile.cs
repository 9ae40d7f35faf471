using Microsoft.Win32.SafeHandles;

namespace ControlPlane.Journal.Disk;

/// <summary>One file of a <see cref="PhysicalDisk"/>: positioned reads and writes, and fdatasync.</summary>
internal sealed class PhysicalFile : IDiskFile
{
    private static readonly byte[] Zeros = new byte[1 << 20];
    private readonly SafeFileHandle _handle;

    private PhysicalFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(_handle);
            }
            catch (IOException error)
            {
                throw Fault(DiskOperationKind.Read, 0, 0, error);
            }
        }
    }

    // Sharing is open to all: the directory's lock decides who writes, and the inspector reads beside a live writer.
    public static PhysicalFile Open(string path, FileMode mode, FileAccess access) =>
        new(path, File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete));

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        try
        {
            while (total < buffer.Length)
            {
                var read = RandomAccess.Read(_handle, buffer[total..], offset + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(DiskOperationKind.Read, offset + total, buffer.Length - total, error);
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(DiskOperationKind.Write, offset, bytes.Length, error);
        }
    }

    public void ZeroFill(long offset, long length)
    {
        try
        {
            for (long done = 0; done < length; done += Zeros.Length)
            {
                RandomAccess.Write(_handle, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, length - done)), offset + done);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(DiskOperationKind.ZeroFill, offset, length, error);
        }
    }

    public void SyncData()
    {
        if (PosixCalls.SyncData(_handle) is { } error)
        {
            throw new StorageFaultException(new DiskOperation(DiskOperationKind.SyncData, Path), error);
        }
    }

    public void Dispose() => _handle.Dispose();

    private StorageFaultException Fault(DiskOperationKind kind, long offset, long length, Exception error) =>
        new(new DiskOperation(kind, Path, offset, length), error.Message, error);
}
