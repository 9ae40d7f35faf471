using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary>What <c>salvage</c> says.</summary>
internal sealed record SalvageReport : View
{
    /// <summary>First entry in the copy; absent if it has none.</summary>
    public ulong? First { get; init; }

    /// <summary>Last entry in the copy, or the snapshot's position.</summary>
    public ulong? Last { get; init; }

    public required IReadOnlyList<ulong> Snapshots { get; init; }

    /// <summary>The last position that the source is proven to have had.</summary>
    public required ulong Proven { get; init; }

    public required IReadOnlyList<SalvageLoss> Losses { get; init; }

    /// <summary>What <c>verify</c> says of the copy; absent if there is none.</summary>
    public string? Verdict { get; init; }

    /// <summary>In words.</summary>
    public required string Result { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render() => Layout.Stack(
        Layout.Properties(
            ("copied", Copied()),
            ("source", $"proven up to {Proven}; unchanged"),
            ("verify", Verdict ?? ""),
            ("result", Result)),
        Layout.Table(
            ["NOT IN THE COPY", "FROM", "TO", "BYTES", "PLACE", "WHY"],
            Losses.Select(loss => new[]
            {
                loss.IsAcknowledged ? loss.Kind.ToUpperInvariant() : loss.Kind,
                Text(loss.From),
                loss.From is null ? "" : loss.To is null ? "?" : Text(loss.To),
                loss.Bytes is { } bytes ? Quantity.Count(bytes) : "",
                loss.File is null ? "" : loss.Offset is { } offset ? $"{loss.File} at byte {offset}" : loss.File,
                loss.Why,
            }),
            "Nothing is lost."),
        Layout.Line(Last is null
            ? "No directory was made. `dump --format jsonl --output FILE` still gives every entry that can be read."
            : "The copy is a journal of its own with one new replica: start a node on it alone, or look into it. Never put it among the old replicas."));

    private static string Text(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private string Copied()
    {
        var snapshots = Snapshots.Count == 0 ? "no snapshot" : $"snapshots at {string.Join(", ", Snapshots)}";
        return Last is null ? "nothing" : First is null ? $"no entries, {snapshots}" : $"entries {First} to {Last}, {snapshots}";
    }
}

/// <summary>Something of the source that is not in the copy.</summary>
/// <param name="Kind">unreadable, left out (whole, but it cannot be joined), snapshot, or the finding about a small file.</param>
/// <param name="From">First position.</param>
/// <param name="To">Last position; absent: not known.</param>
/// <param name="Bytes">How many, where that is known.</param>
/// <param name="File">Where, relative to the source.</param>
/// <param name="Offset">Byte position in it.</param>
/// <param name="Why">For people.</param>
/// <param name="IsAcknowledged">True if the state lacks it and it may have been acknowledged.</param>
internal sealed record SalvageLoss(string Kind, ulong? From, ulong? To, long? Bytes, string? File, long? Offset, string Why, bool IsAcknowledged);
