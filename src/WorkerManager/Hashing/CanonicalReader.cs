using System.Buffers.Binary;
using System.Text;

namespace ControlPlane.WorkerManager;

/// <summary>Reads what <see cref="CanonicalWriter"/> wrote; throws <see cref="SnapshotDamagedException"/> at the first byte that cannot be.</summary>
internal ref struct CanonicalReader(ReadOnlySpan<byte> bytes, long offset)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private readonly long offset = offset;
    private int position;

    public readonly bool AtEnd => position == bytes.Length;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        _ => throw Damaged("neither true nor false"),
    };

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public TimeSpan Duration() => TimeSpan.FromTicks(Int64());

    public string Text()
    {
        var count = UInt32();
        return count <= (uint)bytes.Length ? Encoding.UTF8.GetString(Take((int)count)) : throw Damaged("a text longer than its record");
    }

    public string[] Texts()
    {
        var values = new string[Count()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Text();
        }

        return values;
    }

    public KeyValuePair<string, string>[] Pairs()
    {
        var values = new KeyValuePair<string, string>[Count()];
        for (var i = 0; i < values.Length; i++)
        {
            var name = Text();
            values[i] = new(name, Text());
        }

        return values;
    }

    public readonly SnapshotDamagedException Damaged(string problem) => new(offset + position, problem);

    private uint Count()
    {
        var count = UInt32();
        return count <= (uint)bytes.Length ? count : throw Damaged("a list longer than its record");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (bytes.Length - position < count)
        {
            throw Damaged("a record that ends too early");
        }

        var span = bytes.Slice(position, count);
        position += count;
        return span;
    }
}
