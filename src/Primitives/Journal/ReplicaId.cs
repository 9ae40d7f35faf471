namespace ControlPlane.Primitives;

/// <summary>Names one copy of a journal. A wiped or replaced disk gets a new one: a replica without its identity never counts towards a majority.</summary>
public readonly record struct ReplicaId(UInt128 Value) : IComparable<ReplicaId>
{
    /// <summary>True for the all-zero identifier, which is never given out.</summary>
    public bool IsNone => Value == UInt128.Zero;

    /// <summary>Reads exactly 16 bytes; false if the length differs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReplicaId id)
    {
        var ok = Identifier128.TryRead(bytes, out var value);
        id = new ReplicaId(value);
        return ok;
    }

    /// <summary>Parses 32 hexadecimal digits, dashes allowed.</summary>
    public static bool TryParse(string? text, out ReplicaId id)
    {
        var ok = Identifier128.TryParse(text, out var value);
        id = new ReplicaId(value);
        return ok;
    }

    /// <summary>The 16 bytes, big-endian, in a new array.</summary>
    public byte[] ToByteArray() => Identifier128.ToArray(Value);

    /// <inheritdoc/>
    public int CompareTo(ReplicaId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(ReplicaId left, ReplicaId right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(ReplicaId left, ReplicaId right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(ReplicaId left, ReplicaId right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(ReplicaId left, ReplicaId right) => left.Value >= right.Value;
}
