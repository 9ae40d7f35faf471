using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Info;

/// <summary>What <c>info</c> says.</summary>
internal sealed record InfoReport : View
{
    public required string Cluster { get; init; }

    public required string Journal { get; init; }

    public required string Replica { get; init; }

    /// <summary>First entry kept; absent if there is none.</summary>
    public ulong? Head { get; init; }

    /// <summary>The newest position that something on disk proves to be committed, or acknowledged by this replica, which alone is the same.</summary>
    public required ulong Committed { get; init; }

    /// <summary>Next position.</summary>
    public required ulong Tail { get; init; }

    public string? LastTime { get; init; }

    public ulong? PromisedEpoch { get; init; }

    /// <summary>The promised epoch takes nothing more here.</summary>
    public bool? IsSealed { get; init; }

    /// <summary>False: it may have acknowledged more than it holds.</summary>
    public bool? IsWhole { get; init; }

    /// <summary>The segment that was being written.</summary>
    public string? WatermarkSegment { get; init; }

    /// <summary>The last position that the replica has acknowledged, as noted.</summary>
    public ulong? Watermark { get; init; }

    public ulong? RegisterVersion { get; init; }

    /// <summary>First position that must stay readable, by the register.</summary>
    public ulong? RegisterHead { get; init; }

    public required IReadOnlyList<InfoEpoch> Epochs { get; init; }

    public required IReadOnlyList<InfoSegment> Segments { get; init; }

    public required IReadOnlyList<InfoSnapshot> Snapshots { get; init; }

    public required string Verdict { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render() => InfoLayout.Of(this);
}

/// <summary>A reign, by the register. No end: it goes on.</summary>
internal sealed record InfoEpoch(ulong Epoch, ulong Start, ulong? End, string Writer, int Replicas);

/// <summary>A segment directory.</summary>
internal sealed record InfoSegment(string Name, int Files, long FileBytes, long Entries, long EntryBytes, ulong? First, ulong? Last, ulong? Limit);

/// <summary>A snapshot file; no state hash: it is damaged.</summary>
internal sealed record InfoSnapshot(ulong Position, long PayloadBytes, string? Time, string? StateHash);
