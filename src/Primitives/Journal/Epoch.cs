using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>The reign of one writer over a journal. Strictly increasing; won by compare-and-set on the config register. Zero means "none yet".</summary>
public readonly record struct Epoch(ulong Value) : IComparable<Epoch>
{
    /// <summary>The one after this.</summary>
    public Epoch Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;
}
