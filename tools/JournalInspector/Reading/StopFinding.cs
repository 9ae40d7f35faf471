using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Turns the place where a scan stopped into a finding, by the same table that decides what a start makes of it.</summary>
internal static class StopFinding
{
    /// <summary>Null if the segment simply ends there.</summary>
    public static Finding? Of(JournalDirectory journal, SegmentScan scan, RecoveryCase situation, SequenceNumber? limit, EntryPlace? lastGood, SequenceNumber proven)
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
            Message = Message(scan, decision, expected, proven),
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
            LostUntil = decision.Action == RecoveryAction.Refuse ? (damage?.NextGood?.Sequence ?? limit)?.Value : null,
        };
    }

    /// <summary>
    /// What a start refuses counts as lost, also where nothing proves that it was acknowledged: after a power cut the proof
    /// may be older than the answer.
    /// </summary>
    private static Severity SeverityOf(RecoveryDecision decision) =>
        decision.Action == RecoveryAction.Refuse ? Severity.Loss : Severity.Harmless;

    private static string Message(SegmentScan scan, RecoveryDecision decision, SequenceNumber expected, SequenceNumber proven)
    {
        var what = What(scan.Damage, expected);
        return decision switch
        {
            { Action: RecoveryAction.ClipTornTail } => $"{what}; an interrupted write: nothing behind {proven} was acknowledged",
            { Action: RecoveryAction.Accept } => $"{what}; it lies behind the end and does not count",
            { Reason: RefusalReason.AcknowledgedDamaged or RefusalReason.AcknowledgedMissing } => $"{what}; it was acknowledged: committed is proven up to {proven}",
            _ => $"{what}; no interrupted write leaves this, so it may have been acknowledged",
        };
    }

    private static string What(JournalDamage? damage, SequenceNumber expected) => damage?.Kind switch
    {
        null => $"the entries end where entry {expected} belongs",
        JournalDamageKind.BadEntry => $"the bytes are not an entry ({damage.Detail})",
        JournalDamageKind.BadFrame => "the frame's length is impossible",
        JournalDamageKind.Hole => $"zeros where entry {expected} belongs, and entries behind them",
        JournalDamageKind.ShortFile => "the file ends before its entries do",
        JournalDamageKind.MissingFile => "the file is missing",
        JournalDamageKind.NewerFormat => "a whole entry of a format that this program does not know",
        JournalDamageKind.WrongJournal => "a whole entry of another journal",
        JournalDamageKind.WrongEpoch => "a whole entry of a reign that cannot be in this segment",
        JournalDamageKind.WrongSequence => "a whole entry, but not the one that belongs here",
        JournalDamageKind.BrokenChain => "a whole entry that does not name the hash of the one before",
        _ => damage.ToString(),
    };
}
