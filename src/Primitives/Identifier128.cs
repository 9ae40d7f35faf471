using System.Buffers.Binary;
using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>How 16-byte identifiers are read, written and shown: big-endian bytes, 32 lower-case hexadecimal digits.</summary>
public static class Identifier128
{
    /// <summary>Size in bytes of every 16-byte identifier.</summary>
    public const int ByteCount = 16;

    /// <summary>Reads exactly 16 bytes; false if <paramref name="bytes"/> has another length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UInt128 value)
    {
        if (bytes.Length != ByteCount)
        {
            value = default;
            return false;
        }

        value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    /// <summary>Writes 16 bytes to the start of <paramref name="destination"/>.</summary>
    public static void Write(UInt128 value, Span<byte> destination) =>
        BinaryPrimitives.WriteUInt128BigEndian(destination, value);

    /// <summary>The 16 bytes in a new array.</summary>
    public static byte[] ToArray(UInt128 value)
    {
        var bytes = new byte[ByteCount];
        Write(value, bytes);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public static string Format(UInt128 value) => value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Parses 32 hexadecimal digits; dashes (as in a GUID) are allowed.</summary>
    public static bool TryParse(string? text, out UInt128 value)
    {
        value = default;
        var digits = text?.Replace("-", "", StringComparison.Ordinal);
        return digits is { Length: 2 * ByteCount }
            && UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
