using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>The number that a client gives to one of its appends or requests, from 1; a retry repeats it. Zero: the client does not ask for exactly-once.</summary>
public readonly record struct ClientSequence(ulong Value) : IComparable<ClientSequence>
{
    /// <summary>The one after this.</summary>
    public ClientSequence Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(ClientSequence other) => Value.CompareTo(other.Value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(ClientSequence left, ClientSequence right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(ClientSequence left, ClientSequence right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(ClientSequence left, ClientSequence right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(ClientSequence left, ClientSequence right) => left.Value >= right.Value;
}
