using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>A node and its partition.</summary>
internal sealed record StatusView(string Node, string Version, string Role, ulong Epoch, string Durability, string StateHash) : View
{
    /// <summary>Which partition this is told of.</summary>
    public uint Partition { get; init; }

    /// <summary>How many there are.</summary>
    public uint Partitions { get; init; }

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

    /// <summary>Where the leader is reached, if another node leads; absent if not known.</summary>
    public string? Leader { get; init; }

    /// <summary>The other nodes' replicas, as the leader sees them; empty elsewhere.</summary>
    public IReadOnlyList<Replica> Replicas { get; init; } = [];

    /// <summary>A replica at another node.</summary>
    internal sealed record Replica(string Node, string Standing, ulong Durable, ulong Snapshot, bool IsWhole, bool IsMember);

    public static StatusView Of(GetStatusResponse s) => new(s.Node, s.Version, s.Role, s.Epoch, s.Durability, s.StateHash)
    {
        Partition = s.Partition,
        Partitions = s.Partitions,
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
        Leader = s.Leader.Length == 0 ? null : s.Leader,
        Replicas = [.. s.Replicas.Select(r => new Replica(r.Node, r.Standing, r.Durable, r.Snapshot, r.IsWhole, r.IsMember))],
        CertificateValidUntil = s.CertificateValidUntilMs == 0 ? null : Timestamp.OfUnixNanoseconds(s.CertificateValidUntilMs * 1_000_000),
    };

    public override IRenderable Render() => Replicas.Count == 0 ? Properties() : Layout.Stack(
        Properties(),
        Layout.Table(
            ["REPLICA", "STANDING", "DURABLE", "BEHIND", "SNAPSHOT"],
            Replicas.Select(replica => new[]
            {
                replica.Node.Length == 0 ? "(not connected)" : replica.Node,
                replica.Standing + (replica.IsWhole ? "" : ", being repaired") + (replica.IsMember ? "" : ", learner"),
                Invariant($"{replica.Durable}"),
                Invariant($"{Committed - Math.Min(Committed, replica.Durable)}"),
                Invariant($"{replica.Snapshot}"),
            }),
            ""));

    private IRenderable Properties() => Layout.Properties(
        ("node", $"{Node} ({Version}), {Role} of epoch {Epoch}, up {Duration.FromMilliseconds(UptimeMs)}"),
        ("partition", Partitions > 1 ? Invariant($"{Partition}, of {Partitions} (`cpctl partition list`)") : ""),
        ("transport", Transport + (CertificateValidUntil is { } until ? $", certificate valid until {until}" : "")),
        ("leader", Leader ?? ""),
        ("durability", Durability),
        ("journal", Invariant($"{JournalId}, positions {Head} to {Committed}, snapshot at {Snapshot}")),
        ("state", Invariant($"{Leases} leases, {Sandboxes} sandboxes, {Workers} workers, {Functions} functions, {Tenants} tenants, {Waiting} waiting")),
        ("state hash", StateHash),
        ("since start", Invariant($"{EntriesAppended} entries, {BytesAppended} bytes, {Flushes} flushes")),
        ("data", DataDirectory));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
