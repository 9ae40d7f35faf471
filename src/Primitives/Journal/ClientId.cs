namespace ControlPlane.Primitives;

/// <summary>Names one appending or allocating client, chosen by it at random; the scope of its sequence of retries.</summary>
public readonly record struct ClientId(UInt128 Value) : IComparable<ClientId>
{
    /// <summary>True for the all-zero identifier, which is never given out.</summary>
    public bool IsNone => Value == UInt128.Zero;

    /// <summary>Reads exactly 16 bytes; false if the length differs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ClientId id)
    {
        var ok = Identifier128.TryRead(bytes, out var value);
        id = new ClientId(value);
        return ok;
    }

    /// <summary>Parses 32 hexadecimal digits, dashes allowed.</summary>
    public static bool TryParse(string? text, out ClientId id)
    {
        var ok = Identifier128.TryParse(text, out var value);
        id = new ClientId(value);
        return ok;
    }

    /// <summary>The 16 bytes, big-endian, in a new array.</summary>
    public byte[] ToByteArray() => Identifier128.ToArray(Value);

    /// <inheritdoc/>
    public int CompareTo(ClientId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(ClientId left, ClientId right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(ClientId left, ClientId right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(ClientId left, ClientId right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(ClientId left, ClientId right) => left.Value >= right.Value;
}
