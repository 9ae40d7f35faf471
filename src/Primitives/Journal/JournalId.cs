namespace ControlPlane.Primitives;

/// <summary>Names one journal for ever. Random, chosen when the journal is created; part of every entry, so that an entry of another journal is never mistaken for one of this.</summary>
public readonly record struct JournalId(UInt128 Value) : IComparable<JournalId>
{
    /// <summary>True for the all-zero identifier, which is never given out.</summary>
    public bool IsNone => Value == UInt128.Zero;

    /// <summary>Reads exactly 16 bytes; false if the length differs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out JournalId id)
    {
        var ok = Identifier128.TryRead(bytes, out var value);
        id = new JournalId(value);
        return ok;
    }

    /// <summary>Parses 32 hexadecimal digits, dashes allowed.</summary>
    public static bool TryParse(string? text, out JournalId id)
    {
        var ok = Identifier128.TryParse(text, out var value);
        id = new JournalId(value);
        return ok;
    }

    /// <summary>The 16 bytes, big-endian, in a new array.</summary>
    public byte[] ToByteArray() => Identifier128.ToArray(Value);

    /// <inheritdoc/>
    public int CompareTo(JournalId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(JournalId left, JournalId right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(JournalId left, JournalId right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(JournalId left, JournalId right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(JournalId left, JournalId right) => left.Value >= right.Value;
}
