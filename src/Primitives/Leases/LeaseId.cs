using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>Names a lease: the partition that granted it and the journal position of the grant. Unique for ever, never reused.</summary>
public readonly record struct LeaseId(PartitionId Partition, SequenceNumber Position) : IComparable<LeaseId>
{
    private const char Prefix = 'L';

    /// <summary>Parses what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out LeaseId id)
    {
        id = default;
        if (text is not [Prefix, .. var rest] || rest.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash))
        {
            return false;
        }

        var ok = uint.TryParse(rest.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            & ulong.TryParse(rest.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position);
        id = new LeaseId(new PartitionId(partition), new SequenceNumber(position));
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(LeaseId other) =>
        Partition != other.Partition ? Partition.Value.CompareTo(other.Partition.Value) : Position.CompareTo(other.Position);

    /// <summary>Written <c>L&lt;partition&gt;-&lt;position&gt;</c>, for instance <c>L0-1234</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Partition.Value}-{Position.Value}");

    /// <summary>Order by partition, then position.</summary>
    public static bool operator <(LeaseId left, LeaseId right) => left.CompareTo(right) < 0;

    /// <summary>Order by partition, then position.</summary>
    public static bool operator >(LeaseId left, LeaseId right) => left.CompareTo(right) > 0;

    /// <summary>Order by partition, then position.</summary>
    public static bool operator <=(LeaseId left, LeaseId right) => left.CompareTo(right) <= 0;

    /// <summary>Order by partition, then position.</summary>
    public static bool operator >=(LeaseId left, LeaseId right) => left.CompareTo(right) >= 0;
}
