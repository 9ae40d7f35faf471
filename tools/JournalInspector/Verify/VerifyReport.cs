using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Verify;

/// <summary>What <c>verify</c> says.</summary>
internal sealed record VerifyReport : View
{
    public required long Entries { get; init; }

    public required long EntryBytes { get; init; }

    public required int Segments { get; init; }

    public required int Snapshots { get; init; }

    public required ulong Committed { get; init; }

    /// <summary>Journaled state hashes that a replay agreed with; absent without <c>--deep</c>.</summary>
    public int? StateHashesChecked { get; init; }

    /// <summary>Snapshots that a replay agreed with; absent without <c>--deep</c>.</summary>
    public int? SnapshotsReplayed { get; init; }

    /// <summary>The last position whose state was rebuilt; absent without <c>--deep</c>.</summary>
    public ulong? StateVerifiedUpTo { get; init; }

    public required string Verdict { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render()
    {
        var summary = Layout.Properties(
            ("entries", $"{Quantity.Count(Entries)} ({Quantity.Bytes(EntryBytes)}) in {Segments} segments, committed up to {Committed}"),
            ("snapshots", Quantity.Count(Snapshots)),
            ("replay", StateHashesChecked is null
                ? ""
                : $"state rebuilt up to {StateVerifiedUpTo}: {StateHashesChecked} journaled hashes and {SnapshotsReplayed} snapshots agree"),
            ("verdict", Verdict));
        return Findings.Count == 0 ? summary : Layout.Stack(summary, FindingsLayout.Of(Findings));
    }
}
