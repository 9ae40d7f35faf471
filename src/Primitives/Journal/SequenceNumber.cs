using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>A position in a journal: dense, from 1. Zero means "before the first".</summary>
public readonly record struct SequenceNumber(ulong Value) : IComparable<SequenceNumber>
{
    /// <summary>The one after this.</summary>
    public SequenceNumber Next => new(checked(Value + 1));

    /// <summary>Before the first entry.</summary>
    public static SequenceNumber None => default;

    /// <summary>The position of a journal's first entry.</summary>
    public static SequenceNumber First => new(1);

    /// <summary>The one before this; must not be <see cref="None"/>.</summary>
    public SequenceNumber Previous => new(checked(Value - 1));

    /// <summary>The position <paramref name="count"/> further on.</summary>
    public SequenceNumber Plus(ulong count) => new(checked(Value + count));

    /// <inheritdoc/>
    public int CompareTo(SequenceNumber other) => Value.CompareTo(other.Value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(SequenceNumber left, SequenceNumber right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(SequenceNumber left, SequenceNumber right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(SequenceNumber left, SequenceNumber right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(SequenceNumber left, SequenceNumber right) => left.Value >= right.Value;
}
