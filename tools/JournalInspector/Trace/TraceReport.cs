using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Trace;

/// <summary>What <c>trace</c> says.</summary>
internal sealed record TraceReport : View
{
    public required string Subject { get; init; }

    /// <summary>First and last position read: what lies outside is not told.</summary>
    public required ulong ReadFrom { get; init; }

    public required ulong ReadTo { get; init; }

    public required IReadOnlyList<TraceLine> Events { get; init; }

    public required IReadOnlyList<LeaseLife> Leases { get; init; }

    /// <summary>Places where entries are missing, so that something may be missing here.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render()
    {
        var parts = new List<IRenderable>
        {
            Layout.Properties(("subject", Subject), ("read", $"entries {ReadFrom} to {ReadTo}"), ("damage", string.Join("; ", Damage))),
            Layout.Table(
                ["SEQ", "TIME", "GAP", "EPOCH", "KIND", "ENTRY"],
                Events.Select(e => new[]
                {
                    Text(e.Sequence), e.Time, e.GapMs is { } gap ? "+" + Duration(gap) : "", Text(e.Epoch), e.Kind, e.Summary,
                }),
                "Nothing."),
        };
        if (Leases.Count > 0)
        {
            parts.Add(Layout.Table(
                ["LEASE", "TOKEN", "SANDBOX", "HELD", "CONFIRMED", "RENEWED", "TTL", "LONGEST GAP", "END"],
                Leases.Select(lease => new[]
                {
                    Text(lease.Lease),
                    lease.Token,
                    Text(lease.Sandbox),
                    Duration(lease.HeldMs),
                    lease.ConfirmedAfterMs is { } confirmed ? "after " + Duration(confirmed) : "no",
                    Text((ulong)lease.Renewals),
                    Duration(lease.TtlMs),
                    Duration(lease.LongestGapMs),
                    lease.End ?? "still held",
                }),
                "No leases."));
        }

        return Layout.Stack([.. parts]);
    }

    private static string Duration(double milliseconds) => Quantity.Duration(TimeSpan.FromMilliseconds(milliseconds));

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One entry of the life; the gap is the time since the line before.</summary>
internal sealed record TraceLine(ulong Sequence, string Time, double? GapMs, ulong Epoch, string Kind, string Summary);
