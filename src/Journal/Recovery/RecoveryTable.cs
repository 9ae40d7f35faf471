using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Recovery;

/// <summary>Whether the first position that would be given up is proven to have been acknowledged.</summary>
public enum StopPosition
{
    /// <summary>A watermark, a later entry, or the register says that it was committed.</summary>
    Proven,

    /// <summary>Nothing says so.</summary>
    BeyondProven,
}

/// <summary>What recovery knows about the place where the scan of a segment stopped.</summary>
/// <param name="Closed">The register has closed the segment's epoch, or a later segment has taken over.</param>
/// <param name="Position">The first position that would be given up.</param>
/// <param name="Shape">How the bytes look.</param>
/// <param name="EntriesFollow">Whole entries of this journal lie behind the stop.</param>
/// <param name="AppendComplete">The last verified entry ends its append.</param>
public readonly record struct RecoveryCase(bool Closed, StopPosition Position, StopShape Shape, bool EntriesFollow, bool AppendComplete);

/// <summary>What recovery does.</summary>
public enum RecoveryAction
{
    /// <summary>The journal ends behind the last verified entry.</summary>
    Accept,

    /// <summary>The journal ends behind the last verified append; what follows was never acknowledged.</summary>
    ClipTornTail,

    /// <summary>Do not start.</summary>
    Refuse,
}

/// <summary>A row's result.</summary>
public readonly record struct RecoveryDecision(RecoveryAction Action, RefusalReason? Reason = null);

/// <summary>
/// The decision table of recovery. Rows are tried in order, the first that fits decides, and the last fits everything.
/// The one idea: bytes may be given up only if nothing proves that they were acknowledged <em>and</em> an interrupted
/// write explains how they look. Everything else is refused.
/// </summary>
public static class RecoveryTable
{
    private static readonly Row[] Rows =
    [
        // A contradiction within the scan itself comes before anything else.
        new("zeros to the end, yet entries follow", null, null, StopShape.CleanZeros, true, null, Refuse(RefusalReason.Contradiction)),

        // Acknowledged: never given up, whatever the bytes look like.
        new("acknowledged, nothing there", null, StopPosition.Proven, StopShape.CleanZeros, null, null, Refuse(RefusalReason.AcknowledgedMissing)),
        new("acknowledged, bytes missing", null, StopPosition.Proven, StopShape.MissingBytes, null, null, Refuse(RefusalReason.AcknowledgedMissing)),
        new("acknowledged, damaged", null, StopPosition.Proven, null, null, null, Refuse(RefusalReason.AcknowledgedDamaged)),

        // A closed segment's end is known and lies before the stop: what follows was clipped and does not matter.
        new("behind the end of a closed segment", true, StopPosition.BeyondProven, null, null, null, Accept()),

        // An open segment, beyond what is proven: only what an interrupted write leaves may be given up.
        new("a clean end", false, StopPosition.BeyondProven, StopShape.CleanZeros, false, true, Accept()),
        new("an append cut short", false, StopPosition.BeyondProven, StopShape.CleanZeros, false, false, Clip()),
        new("a torn last flush", false, StopPosition.BeyondProven, StopShape.TornSectors, null, null, Clip()),
        new("garbage", false, StopPosition.BeyondProven, StopShape.Garbage, null, null, Refuse(RefusalReason.UnexplainedDamage)),
        new("bytes missing", false, StopPosition.BeyondProven, StopShape.MissingBytes, null, null, Refuse(RefusalReason.UnexplainedDamage)),
    ];

    /// <summary>What to do in <paramref name="situation"/>.</summary>
    public static RecoveryDecision Decide(RecoveryCase situation) => RowFor(situation).Decision;

    /// <summary>The name of the row that decides <paramref name="situation"/>, for reports.</summary>
    public static string Name(RecoveryCase situation) => RowFor(situation).Name;

    private static Row RowFor(RecoveryCase situation) => Array.Find(Rows, row => row.Fits(situation))
        ?? throw new ArgumentOutOfRangeException(nameof(situation), situation, "No row of the recovery table fits.");

    private static RecoveryDecision Accept() => new(RecoveryAction.Accept);

    private static RecoveryDecision Clip() => new(RecoveryAction.ClipTornTail);

    private static RecoveryDecision Refuse(RefusalReason reason) => new(RecoveryAction.Refuse, reason);

    /// <summary>Null fits either.</summary>
    private sealed record Row(
        string Name, bool? Closed, StopPosition? Position, StopShape? Shape, bool? EntriesFollow, bool? AppendComplete, RecoveryDecision Decision)
    {
        public bool Fits(RecoveryCase situation) =>
            (Closed ?? situation.Closed) == situation.Closed
            && (Position ?? situation.Position) == situation.Position
            && (Shape ?? situation.Shape) == situation.Shape
            && (EntriesFollow ?? situation.EntriesFollow) == situation.EntriesFollow
            && (AppendComplete ?? situation.AppendComplete) == situation.AppendComplete;
    }
}
