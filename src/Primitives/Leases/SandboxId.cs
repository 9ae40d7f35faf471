using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>Names a sandbox: its partition and the journal position of the entry that created it. Unique for ever, never reused.</summary>
public readonly record struct SandboxId(PartitionId Partition, SequenceNumber Position) : IComparable<SandboxId>
{
    private const char Prefix = 'S';

    /// <summary>Parses what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out SandboxId id)
    {
        id = default;
        if (text is not [Prefix, .. var rest] || rest.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash))
        {
            return false;
        }

        var ok = uint.TryParse(rest.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            & ulong.TryParse(rest.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position);
        id = new SandboxId(new PartitionId(partition), new SequenceNumber(position));
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(SandboxId other) =>
        Partition != other.Partition ? Partition.Value.CompareTo(other.Partition.Value) : Position.CompareTo(other.Position);

    /// <summary>Written <c>S&lt;partition&gt;-&lt;position&gt;</c>, for instance <c>S0-1234</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Partition.Value}-{Position.Value}");

    /// <summary>Order by partition, then position.</summary>
    public static bool operator <(SandboxId left, SandboxId right) => left.CompareTo(right) < 0;

    /// <summary>Order by partition, then position.</summary>
    public static bool operator >(SandboxId left, SandboxId right) => left.CompareTo(right) > 0;

    /// <summary>Order by partition, then position.</summary>
    public static bool operator <=(SandboxId left, SandboxId right) => left.CompareTo(right) <= 0;

    /// <summary>Order by partition, then position.</summary>
    public static bool operator >=(SandboxId left, SandboxId right) => left.CompareTo(right) >= 0;
}
