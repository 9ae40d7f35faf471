using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.State;

/// <summary>What <c>state</c> says.</summary>
internal sealed record StateReport : View
{
    /// <summary>The last entry applied.</summary>
    public required ulong Position { get; init; }

    public required string Time { get; init; }

    public required ulong Epoch { get; init; }

    public required string Leader { get; init; }

    /// <summary>What the state machine carries along; a from-scratch computation gave the same.</summary>
    public required string StateHash { get; init; }

    /// <summary>The snapshot that the replay began from; zero: from the first entry.</summary>
    public required ulong FromSnapshot { get; init; }

    public required int Workers { get; init; }

    public required int Functions { get; init; }

    public required int Sandboxes { get; init; }

    public required int Tenants { get; init; }

    public required IReadOnlyList<StateLease> Leases { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render() => Layout.Stack(
        Layout.Properties(
            ("position", string.Create(CultureInfo.InvariantCulture, $"{Position} at {Time}")),
            ("leader", $"{Leader} in epoch {Epoch}"),
            ("state hash", StateHash),
            ("replayed", FromSnapshot == 0 ? "from the first entry" : $"from the snapshot at {FromSnapshot}"),
            ("holds", $"{Leases.Count} leases, {Sandboxes} sandboxes, {Workers} workers, {Functions} function versions, {Tenants} tenants")),
        Layout.Table(
            ["LEASE", "TOKEN", "SANDBOX", "WORKER", "FUNCTION", "TENANT", "REQUEST", "TTL", "RENEWED", "CONFIRMED"],
            Leases.Select(lease => new[]
            {
                lease.Lease,
                lease.Token,
                lease.Sandbox,
                lease.Worker,
                lease.Function,
                lease.Tenant,
                lease.Request,
                Quantity.Duration(TimeSpan.FromMilliseconds(lease.TtlMs)),
                lease.Renewals.ToString(CultureInfo.InvariantCulture),
                lease.Confirmed ? "yes" : "no",
            }),
            "No leases are held."));
}

/// <summary>A held lease.</summary>
internal sealed record StateLease(
    string Lease, string Token, string Sandbox, string Worker, string Function, string Tenant, string Request, double TtlMs, uint Renewals, bool Confirmed);
