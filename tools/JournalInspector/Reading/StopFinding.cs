using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Turns the place where a scan stopped into a finding, by the same table that decides what a start makes of it.</summary>
internal static class StopFinding
{
    /// <summary>Null if the segment simply ends there.</summary>
    public static Finding? Of(JournalDirectory journal, SegmentScan scan, RecoveryCase situation, EntryPlace? lastGood, SequenceNumber proven)
    {
        var decision = RecoveryTable.Decide(situation);
        if (decision.Action == RecoveryAction.Accept && scan.Damage is null)
        {
            return null;
        }

        var damage = scan.Damage;
        var expected = damage?.Expected ?? scan.End?.Tail ?? scan.Name.Start;
        return new Finding
        {
            Severity = SeverityOf(decision),
            Kind = decision.Action == RecoveryAction.ClipTornTail ? "TornTail" : damage?.Kind.ToString() ?? decision.Reason?.ToString() ?? "Stop",
            Message = Message(journal, scan, decision, expected, proven),
            File = journal.Relative(scan.StopFile),
            Offset = scan.StopOffset,
            Rule = RecoveryTable.Name(situation),
            ExpectedEntry = expected.Value,
            FoundEntry = damage?.Found?.Value,
            StoredChecksum = damage?.StoredChecksum?.ToString("x8", null),
            ComputedChecksum = damage?.ComputedChecksum?.ToString("x8", null),
            LastGood = lastGood,
            NextGood = damage?.NextGood is { } next ? new EntryPlace(next.Sequence.Value, journal.Relative(next.File), next.Offset) : null,
            LostFrom = decision.Action == RecoveryAction.Refuse ? expected.Value : null,
            LostUntil = decision.Action == RecoveryAction.Refuse ? damage?.NextGood?.Sequence.Value : null,
        };
    }

    /// <summary>
    /// What a start refuses counts as lost, also where nothing proves that it was acknowledged: after a power cut the proof
    /// may be older than the answer.
    /// </summary>
    private static Severity SeverityOf(RecoveryDecision decision) =>
        decision.Action == RecoveryAction.Refuse ? Severity.Loss : Severity.Harmless;

    private static string Message(
        JournalDirectory journal, SegmentScan scan, RecoveryDecision decision, SequenceNumber expected, SequenceNumber proven)
    {
        var bytes = scan.Damage is { } damage
            ? journal.Shorten(damage.ToString())
            : $"entries end in {journal.Relative(scan.StopFile)} at byte {scan.StopOffset}, where entry {expected} belongs";
        return decision.Action == RecoveryAction.Refuse
            ? $"{bytes}; a start refuses ({decision.Reason}): committed is proven up to {proven}"
            : $"{bytes}; a start drops it: nothing behind {proven} was acknowledged";
    }
}
