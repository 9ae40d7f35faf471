using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>
/// Proof of the newest right to a sandbox: the journal position of the granting entry, with its epoch. Tokens of one
/// partition are strictly increasing and never reused; a gate that has seen one refuses every lower one.
/// </summary>
/// <remarks>Positions alone are already ordered (a position belongs to one epoch); the epoch is kept for people and as a check.</remarks>
public readonly record struct FencingToken(Epoch Epoch, SequenceNumber Position) : IComparable<FencingToken>
{
    /// <summary>Below every token that is ever granted.</summary>
    public static FencingToken None => default;

    /// <inheritdoc/>
    public int CompareTo(FencingToken other) => Position.CompareTo(other.Position);

    /// <summary>Written <c>epoch.position</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch.Value}.{Position.Value}");

    /// <summary>Order of granting.</summary>
    public static bool operator <(FencingToken left, FencingToken right) => left.CompareTo(right) < 0;

    /// <summary>Order of granting.</summary>
    public static bool operator >(FencingToken left, FencingToken right) => left.CompareTo(right) > 0;

    /// <summary>Order of granting.</summary>
    public static bool operator <=(FencingToken left, FencingToken right) => left.CompareTo(right) <= 0;

    /// <summary>Order of granting.</summary>
    public static bool operator >=(FencingToken left, FencingToken right) => left.CompareTo(right) >= 0;
}
