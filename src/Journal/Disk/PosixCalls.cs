using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ControlPlane.Journal.Disk;

/// <summary>The two calls that .NET does not offer: data sync (its own flush is a full fsync) and the sync of a directory.</summary>
internal static partial class PosixCalls
{
    private const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on x64

    /// <summary>Error text of a failed data sync, or null.</summary>
    public static string? SyncData(SafeFileHandle handle) => fdatasync(handle) == 0 ? null : LastError();

    /// <summary>Error text of a failed directory sync, or null.</summary>
    public static string? SyncDirectory(string path)
    {
        // .NET refuses to open a directory, so it is opened here. O_DIRECTORY differs between processors; a plain
        // read-only open works on all of them and fsync then says what is wrong.
        var flags = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? ReadOnlyDirectory : 0;
        var descriptor = open(path, flags);
        if (descriptor < 0)
        {
            return LastError();
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        return fsync(handle) == 0 ? null : LastError();
    }

    private static string LastError()
    {
        var error = Marshal.GetLastPInvokeError();
        return $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
    }

#pragma warning disable IDE1006, SYSLIB1054 // The names are the C library's.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);
#pragma warning restore IDE1006, SYSLIB1054
}
