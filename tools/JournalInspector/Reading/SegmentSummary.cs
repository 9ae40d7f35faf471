using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>What a walk found in one segment.</summary>
internal sealed record SegmentSummary(SegmentName Name)
{
    /// <summary>Where it ends by what is known outside it, exclusive; null: only its bytes tell.</summary>
    public SequenceNumber? Limit { get; init; }

    public int Files { get; init; }

    public long FileBytes { get; init; }

    public long Entries { get; init; }

    public long EntryBytes { get; init; }

    public SequenceNumber? First { get; init; }

    public SequenceNumber? Last { get; init; }
}
