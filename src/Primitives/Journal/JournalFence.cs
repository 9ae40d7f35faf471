using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>The token that appenders of a journal must show; raising it makes every older appender powerless. Zero: nobody has fenced yet.</summary>
public readonly record struct JournalFence(ulong Value) : IComparable<JournalFence>
{
    /// <summary>The one after this.</summary>
    public JournalFence Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(JournalFence other) => Value.CompareTo(other.Value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <(JournalFence left, JournalFence right) => left.Value < right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >(JournalFence left, JournalFence right) => left.Value > right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator <=(JournalFence left, JournalFence right) => left.Value <= right.Value;

    /// <summary>Order of the numeric values.</summary>
    public static bool operator >=(JournalFence left, JournalFence right) => left.Value >= right.Value;
}
