namespace ControlPlane.Primitives;

/// <summary>Names one allocation request, chosen by the caller at random; a retry with the same one gets the same answer.</summary>
public readonly record struct RequestId(UInt128 Value) : IComparable<RequestId>
{
    /// <summary>True for the all-zero identifier, which is never given out.</summary>
    public bool IsNone => Value == UInt128.Zero;

    /// <summary>Reads exactly 16 bytes; false if the length differs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RequestId id)
    {
        var ok = Identifier128.TryRead(bytes, out var value);
        id = new RequestId(value);
        return ok;
    }

    /// <summary>Parses 32 hexadecimal digits, dashes allowed.</summary>
    public static bool TryParse(string? text, out RequestId id)
    {
        var ok = Identifier128.TryParse(text, out var value);
        id = new RequestId(value);
        return ok;
    }

    /// <summary>The 16 bytes, big-endian, in a new array.</summary>
    public byte[] ToByteArray() => Identifier128.ToArray(Value);

    /// <inheritdoc/>
    public int CompareTo(RequestId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(RequestId left, RequestId right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(RequestId left, RequestId right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(RequestId left, RequestId right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(RequestId left, RequestId right) => left.Value >= right.Value;
}
