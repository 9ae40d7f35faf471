using System.Buffers.Binary;
using System.Text;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Writes a record's fields in their one canonical form: little-endian, fixed width, strings as byte length and UTF-8.
/// The same bytes are hashed and put into snapshots. Reused; grows to the largest record.
/// </summary>
internal sealed class CanonicalWriter
{
    private byte[] bytes = new byte[256];
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public void Clear() => length = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void UInt128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Take(16), value);

    public void Duration(TimeSpan value) => Int64(value.Ticks);

    public void Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        UInt32((uint)count);
        Encoding.UTF8.GetBytes(value, Take(count));
    }

    public void Texts(IReadOnlyList<string> values)
    {
        UInt32((uint)values.Count);
        foreach (var value in values)
        {
            Text(value);
        }
    }

    public void Pairs(IReadOnlyList<KeyValuePair<string, string>> values)
    {
        UInt32((uint)values.Count);
        foreach (var (name, value) in values)
        {
            Text(name);
            Text(value);
        }
    }

    private Span<byte> Take(int count)
    {
        if (bytes.Length - length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        }

        var span = bytes.AsSpan(length, count);
        length += count;
        return span;
    }
}
