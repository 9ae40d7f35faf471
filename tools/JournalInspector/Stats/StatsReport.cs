using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Stats;

/// <summary>What <c>stats</c> says. Sizes are of whole entries, header included; rates are by journal time.</summary>
internal sealed record StatsReport : View
{
    public const string AllKinds = "(all)";

    public required long Entries { get; init; }

    public required long Bytes { get; init; }

    public required long Appends { get; init; }

    public ulong? First { get; init; }

    public ulong? Last { get; init; }

    public string? FirstTime { get; init; }

    public string? LastTime { get; init; }

    public required double Seconds { get; init; }

    public double? EntriesPerSecond { get; init; }

    public double? BytesPerSecond { get; init; }

    public double? GrantsPerSecond { get; init; }

    public required long PeakEntriesPerSecond { get; init; }

    public string? PeakSecond { get; init; }

    public required IReadOnlyList<StatsKind> Kinds { get; init; }

    public required IReadOnlyList<StatsCount> Clients { get; init; }

    public required IReadOnlyList<StatsCount> Tenants { get; init; }

    /// <summary>Places where entries are missing.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render() => Layout.Stack(
        Layout.Properties(
            ("entries", $"{Quantity.Count(Entries)} in {Quantity.Count(Appends)} appends, {Quantity.Bytes(Bytes)}"),
            ("positions", First is null ? "" : $"{First} to {Last}"),
            ("time", FirstTime is null ? "" : $"{FirstTime} to {LastTime} ({Quantity.Duration(TimeSpan.FromSeconds(Seconds))})"),
            ("rates", EntriesPerSecond is { } rate
                ? $"{Quantity.Rate(rate)} entries, {Quantity.Rate(GrantsPerSecond!.Value)} grants, {Quantity.Bytes((long)BytesPerSecond!.Value)}/s"
                : ""),
            ("peak", PeakSecond is null ? "" : $"{Quantity.Count(PeakEntriesPerSecond)} entries in the second from {PeakSecond}"),
            ("damage", string.Join("; ", Damage))),
        Layout.Table(
            ["KIND", "ENTRIES", "BYTES", "P50", "P99", "MAX"],
            Kinds.Select(kind => new[] { kind.Kind, Quantity.Count(kind.Entries), Quantity.Bytes(kind.Bytes), Text(kind.P50), Text(kind.P99), Text(kind.Max) }),
            "No entries."),
        Counts("CLIENT", Clients, "No clients."),
        Counts("TENANT", Tenants, "No tenants."));

    private static IRenderable Counts(string header, IReadOnlyList<StatsCount> counts, string none) => Layout.Table(
        [header, "ENTRIES", "BYTES"],
        counts.Select(count => new[] { count.Name, Quantity.Count(count.Entries), Quantity.Bytes(count.Bytes) }),
        none);

    private static string Text(int bytes) => bytes.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Entries of one kind, and their sizes in bytes.</summary>
internal sealed record StatsKind(string Kind, long Entries, long Bytes, int P50, int P99, int Max)
{
    public static StatsKind Of(string kind, SizeHistogram sizes) =>
        new(kind, sizes.Count, sizes.Sum, sizes.Percentile(0.5), sizes.Percentile(0.99), sizes.Max);
}

/// <summary>Entries that belong to one name.</summary>
internal sealed record StatsCount(string Name, long Entries, long Bytes);
