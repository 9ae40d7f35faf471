using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives.Entries;
using Microsoft.Win32.SafeHandles;

namespace ControlPlane.Worker.Storage;

/// <summary>
/// A small file that is replaced in place by one write: CRC32C (4 bytes, little-endian, of all that follows), length (4),
/// content. Not synced: a killed agent loses nothing that the kernel took, and after another boot of the machine the content
/// is void anyway.
/// </summary>
internal static class StateFile
{
    private const int HeaderBytes = 8;

    /// <summary>The kernel has the whole content when this returns.</summary>
    public static void Save(string path, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), content.Length);
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Compute(bytes.AsSpan(4)));
        using SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write);
        RandomAccess.Write(file, bytes, 0);
    }

    /// <summary>Reads back what was saved; false with the cause if the file is missing, cut or damaged.</summary>
    public static bool TryLoad(string path, out byte[] content, [NotNullWhen(false)] out string? cause)
    {
        content = [];
        if (!File.Exists(path))
        {
            cause = "the file is missing";
            return false;
        }

        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
        if (length < 0 || length > bytes.Length - HeaderBytes
            || Crc32C.Compute(bytes.AsSpan(4, length + 4)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes))
        {
            cause = "its checksum does not fit its content";
            return false;
        }

        content = bytes[HeaderBytes..(HeaderBytes + length)];
        cause = null;
        return true;
    }
}
