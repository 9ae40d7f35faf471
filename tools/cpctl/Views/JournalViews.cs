using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>Where entries were appended.</summary>
internal sealed record AppendView(ulong First, ulong Last, bool Replayed, string Durability) : View
{
    public override IRenderable Render() => Layout.Line(
        (First == Last ? $"appended at {First}" : $"appended at {First} to {Last}") + $", {Durability}" + (Replayed ? " (by an earlier attempt)" : ""));
}

/// <summary>One entry; <c>payload</c> is base64, <c>text</c> the same where it is UTF-8, <c>type</c> is <c>user</c> or <c>fence</c>.</summary>
internal sealed record EntryView(ulong Position, ulong Epoch, string Time, string Type, string Payload, string Hash) : View
{
    public string? Text { get; init; }

    public static EntryView Of(JournalEntry entry) =>
        new(entry.Position, entry.Epoch, Timestamp.OfUnixNanoseconds(entry.TimeNs), Words.Of(entry.Type),
            entry.Payload.ToBase64(), Convert.ToHexStringLower(entry.Hash.Span))
        {
            Text = Utf8.IsValid(entry.Payload.Span) ? Encoding.UTF8.GetString(entry.Payload.Span) : null,
        };

    public override IRenderable Render() => Layout.Line(
        string.Create(CultureInfo.InvariantCulture, $"{Position,8}  {Time}  {Type,-5}  {Text ?? "base64:" + Payload}"));
}

/// <summary>The committed tail and the fence.</summary>
internal sealed record TailView(ulong Tail, ulong Fence, ulong Epoch) : View
{
    public override IRenderable Render() => Layout.Properties(
        ("tail", Tail.ToString(CultureInfo.InvariantCulture)),
        ("fence", Fence.ToString(CultureInfo.InvariantCulture)),
        ("epoch", Epoch.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>A fence that was raised.</summary>
internal sealed record FenceView(ulong Token, ulong Position) : View
{
    public override IRenderable Render() => Layout.Line($"fence raised to {Token} at position {Position}");
}

/// <summary>A journal's positions and replicas.</summary>
internal sealed record JournalStatusView(string JournalId, string Name, ulong Epoch, ulong Head, ulong Tail, ulong Fence, ulong Snapshot, string Durability) : View
{
    internal sealed record Replica(string Id, ulong DurableTail, string Node, string Standing, ulong Snapshot, bool IsMember, bool IsWhole);

    public ulong Flushes { get; init; }

    public ulong BytesOnDisk { get; init; }

    public IReadOnlyList<Replica> Replicas { get; init; } = [];

    public static JournalStatusView Of(JournalStatusResponse s) =>
        new(s.JournalId, s.Name, s.Epoch, s.Head, s.Tail, s.Fence, s.Snapshot, s.Durability)
        {
            Flushes = s.Flushes,
            BytesOnDisk = s.BytesOnDisk,
            Replicas = [.. s.Replicas.Select(r => new Replica(r.Id, r.DurableTail, r.Node, r.Standing, r.Snapshot, r.IsMember, r.IsWhole))],
        };

    public override IRenderable Render() => Layout.Stack(
        Properties(),
        Layout.Table(
            ["REPLICA", "STANDING", "DURABLE BELOW", "SNAPSHOT"],
            Replicas.Select(r => new[]
            {
                r.Node.Length == 0 ? "(not connected)" : r.Node,
                r.Standing + (r.IsWhole ? "" : ", being repaired") + (r.IsMember ? "" : ", learner"),
                r.DurableTail.ToString(CultureInfo.InvariantCulture),
                r.Snapshot.ToString(CultureInfo.InvariantCulture),
            }),
            ""));

    private IRenderable Properties() => Layout.Properties(
        ("journal", $"{Name} ({JournalId})"),
        ("epoch", Epoch.ToString(CultureInfo.InvariantCulture)),
        ("positions", string.Create(CultureInfo.InvariantCulture, $"{Head} to {Tail} (exclusive), snapshot at {Snapshot}")),
        ("fence", Fence.ToString(CultureInfo.InvariantCulture)),
        ("durability", Durability),
        ("on disk", string.Create(CultureInfo.InvariantCulture, $"{BytesOnDisk} bytes, {Flushes} flushes since start")));
}
