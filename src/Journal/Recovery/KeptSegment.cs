using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Recovery;

/// <summary>The part of one segment that belongs to the journal: positions from the segment's start (or the trim) to <paramref name="Tail"/>, exclusive.</summary>
public readonly record struct KeptSegment(SegmentName Name, SequenceNumber Tail);

/// <summary>A journal whose every kept entry behind the snapshot is verified.</summary>
/// <param name="End">Where it ends.</param>
/// <param name="Segments">Its segments in order.</param>
/// <param name="EntryCount">Entries verified.</param>
/// <param name="Report">Lines for the operator: what was read, what was clipped and why.</param>
public sealed record RecoveredJournal(JournalEnd End, IReadOnlyList<KeptSegment> Segments, long EntryCount, IReadOnlyList<string> Report)
{
    /// <summary>The newest segment begun; null if none was.</summary>
    public SegmentName? Newest { get; init; }

    /// <summary>Segments that a clip took away whole and did not remove before it was interrupted.</summary>
    public IReadOnlyList<SegmentName> Clipped { get; init; } = [];

    /// <summary>Segments whose entries do not reach the snapshot behind which the journal begins.</summary>
    public IReadOnlyList<SegmentName> Overtaken { get; init; } = [];

    /// <summary>Why the journal was rolled back; null if it was not.</summary>
    public JournalRefusedException? Damage { get; init; }

    /// <summary>Segments behind the place to which it was rolled back: nothing can vouch for them.</summary>
    public IReadOnlyList<SegmentName> RolledBack { get; init; } = [];
}
