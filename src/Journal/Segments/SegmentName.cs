using System.Globalization;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// Names one segment: the reign whose writer created it, and the position of its first entry. Its directory is
/// <c>&lt;epoch&gt;-&lt;startSeq&gt;</c>. Segments of one replica are ordered by epoch, then start.
/// </summary>
public readonly record struct SegmentName(Epoch Epoch, SequenceNumber Start) : IComparable<SegmentName>
{
    /// <summary>Parses a directory name; false unless it is exactly what <see cref="ToString"/> gives.</summary>
    public static bool TryParse(string text, out SegmentName name)
    {
        name = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0
            || !ulong.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !ulong.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var start))
        {
            return false;
        }

        var parsed = new SegmentName(new Epoch(epoch), new SequenceNumber(start));
        if (text != parsed.ToString())
        {
            return false;
        }

        name = parsed;
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(SegmentName other) => (Epoch, Start).CompareTo((other.Epoch, other.Start));

    /// <summary>The directory's name.</summary>
    public override string ToString() => $"{Epoch}-{Start}";

    /// <summary>Order of epochs, then starts.</summary>
    public static bool operator <(SegmentName left, SegmentName right) => left.CompareTo(right) < 0;

    /// <summary>Order of epochs, then starts.</summary>
    public static bool operator >(SegmentName left, SegmentName right) => left.CompareTo(right) > 0;

    /// <summary>Order of epochs, then starts.</summary>
    public static bool operator <=(SegmentName left, SegmentName right) => left.CompareTo(right) <= 0;

    /// <summary>Order of epochs, then starts.</summary>
    public static bool operator >=(SegmentName left, SegmentName right) => left.CompareTo(right) >= 0;
}
