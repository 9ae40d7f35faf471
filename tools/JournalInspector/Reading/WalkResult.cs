using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>What a walk over a journal found.</summary>
internal sealed record WalkResult
{
    public required IReadOnlyList<SegmentSummary> Segments { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The first entry that was read; null if there was none.</summary>
    public required SequenceNumber? First { get; init; }

    /// <summary>Behind the last whole append.</summary>
    public required JournalEnd? End { get; init; }

    /// <summary>The newest position that anything on disk proves to have been acknowledged.</summary>
    public required SequenceNumber Proven { get; init; }

    public required long Entries { get; init; }

    /// <summary>True if the visitor ended it before everything was read.</summary>
    public required bool EndedByVisitor { get; init; }
}
