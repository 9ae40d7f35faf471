using ControlPlane.Primitives;

namespace ControlPlane.Replication.Registers;

/// <summary>
/// How the <c>quorum</c> register keeps a value: 16 bytes that name the write (big-endian), then the caller's bytes. By the stamp a
/// proposer whose round was cut short finds out whether the version that it sees is its own, though another may have written the same bytes.
/// </summary>
public static class StampedValue
{
    /// <summary>Bytes in front of the caller's.</summary>
    public const int StampBytes = Identifier128.ByteCount;

    /// <summary>The value with its stamp, in a new array.</summary>
    public static byte[] Write(UInt128 stamp, ReadOnlySpan<byte> value)
    {
        var bytes = new byte[StampBytes + value.Length];
        Identifier128.Write(stamp, bytes);
        value.CopyTo(bytes.AsSpan(StampBytes));
        return bytes;
    }

    /// <summary>The stamp and the caller's bytes.</summary>
    /// <exception cref="FormatException">Shorter than a stamp.</exception>
    public static (UInt128 Stamp, ReadOnlyMemory<byte> Value) Read(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= StampBytes && Identifier128.TryRead(bytes.Span[..StampBytes], out var stamp)
            ? (stamp, bytes[StampBytes..])
            : throw new FormatException($"A value of the quorum register begins with {StampBytes} bytes that name the write; this one has {bytes.Length} in all.");
}
