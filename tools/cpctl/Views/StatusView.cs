using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>A node and its partition.</summary>
internal sealed record StatusView(string Node, string Version, string Role, ulong Epoch, string Durability, string StateHash) : View
{
    public ulong Head { get; init; }

    public ulong Committed { get; init; }

    public ulong Snapshot { get; init; }

    public ulong Leases { get; init; }

    public ulong Sandboxes { get; init; }

    public ulong Workers { get; init; }

    public ulong Functions { get; init; }

    public ulong Tenants { get; init; }

    public ulong Waiting { get; init; }

    public ulong EntriesAppended { get; init; }

    public ulong BytesAppended { get; init; }

    public ulong Flushes { get; init; }

    public long UptimeMs { get; init; }

    public string JournalId { get; init; } = "";

    public string DataDirectory { get; init; } = "";

    /// <summary>How callers reach the node.</summary>
    public string Transport { get; init; } = "";

    /// <summary>When its certificate ends; absent without TLS.</summary>
    public string? CertificateValidUntil { get; init; }

    public static StatusView Of(GetStatusResponse s) => new(s.Node, s.Version, s.Role, s.Epoch, s.Durability, s.StateHash)
    {
        Head = s.Head,
        Committed = s.Committed,
        Snapshot = s.Snapshot,
        Leases = s.Leases,
        Sandboxes = s.Sandboxes,
        Workers = s.Workers,
        Functions = s.Functions,
        Tenants = s.Tenants,
        Waiting = s.Waiting,
        EntriesAppended = s.EntriesAppended,
        BytesAppended = s.BytesAppended,
        Flushes = s.Flushes,
        UptimeMs = s.UptimeMs,
        JournalId = s.JournalId,
        DataDirectory = s.DataDirectory,
        Transport = s.Transport,
        CertificateValidUntil = s.CertificateValidUntilMs == 0 ? null : Timestamp.OfUnixNanoseconds(s.CertificateValidUntilMs * 1_000_000),
    };

    public override IRenderable Render() => Layout.Properties(
        ("node", $"{Node} ({Version}), {Role} of epoch {Epoch}, up {Duration.FromMilliseconds(UptimeMs)}"),
        ("transport", Transport + (CertificateValidUntil is { } until ? $", certificate valid until {until}" : "")),
        ("durability", Durability),
        ("journal", Invariant($"{JournalId}, positions {Head} to {Committed}, snapshot at {Snapshot}")),
        ("state", Invariant($"{Leases} leases, {Sandboxes} sandboxes, {Workers} workers, {Functions} functions, {Tenants} tenants, {Waiting} waiting")),
        ("state hash", StateHash),
        ("since start", Invariant($"{EntriesAppended} entries, {BytesAppended} bytes, {Flushes} flushes")),
        ("data", DataDirectory));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
