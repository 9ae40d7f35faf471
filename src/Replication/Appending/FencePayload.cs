using System.Buffers.Binary;
using ControlPlane.Primitives;

namespace ControlPlane.Replication.Appending;

/// <summary>The payload of a fence entry: the new token, 8 bytes, little-endian.</summary>
public static class FencePayload
{
    /// <summary>The payload for <paramref name="fence"/>.</summary>
    public static byte[] Write(JournalFence fence)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, fence.Value);
        return bytes;
    }

    /// <summary>The token in a payload.</summary>
    /// <exception cref="FormatException">Not 8 bytes.</exception>
    public static JournalFence Read(ReadOnlySpan<byte> payload) =>
        payload.Length == sizeof(ulong)
            ? new JournalFence(BinaryPrimitives.ReadUInt64LittleEndian(payload))
            : throw new FormatException("A fence entry's payload is not 8 bytes.");
}
