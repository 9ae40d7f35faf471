using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary>Everything of the source that is not in the copy, and why.</summary>
internal static class LossList
{
    public static IReadOnlyList<SalvageLoss> Of(JournalDirectory source, WalkResult walk, IReadOnlyList<EntryRun> runs, SnapshotSurvey snapshots, SalvagePlan? plan)
    {
        var unreadable = walk.Findings.Where(finding => finding.Severity != Severity.Notice).Select(finding => Unreadable(finding, plan));
        var left = runs.SelectMany(run => LeftOut(run, plan));
        var small = source.Findings.Where(finding => finding.Severity != Severity.Notice).Select(finding => Beside(finding, "made anew in the copy"));
        var damaged = snapshots.Findings.Select(finding => Beside(finding, "not copied"));
        var other = snapshots.Files
            .Where(file => file.Header is not null && plan is not null && !plan.Snapshots.Contains(file.Position))
            .Select(file => new SalvageLoss("snapshot", null, null, file.PayloadBytes, file.File, null, "whole, but it does not join the entries that are kept", IsAcknowledged: false));
        return [.. unreadable.Concat(left).OrderBy(loss => loss.From ?? ulong.MaxValue), .. damaged, .. other, .. small];
    }

    private static SalvageLoss Unreadable(Finding finding, SalvagePlan? plan) => new(
        "unreadable",
        finding.LostFrom ?? finding.ExpectedEntry,
        finding.LostUntil - 1,
        BytesOf(finding),
        finding.File,
        finding.Offset,
        finding.Message,
        IsAcknowledged: finding.Severity == Severity.Loss && !IsCovered(plan, finding.LostUntil));

    private static IEnumerable<SalvageLoss> LeftOut(EntryRun run, SalvagePlan? plan)
    {
        if (plan is null)
        {
            yield return Whole(run.First, run.Last, "whole, but nothing joins it to a beginning", acknowledged: true);
            yield break;
        }

        if (run != plan.Run)
        {
            yield return Whole(
                run.First,
                run.Last,
                run.Last < plan.Start ? "whole, but cut off by damage from what follows; a snapshot covers it" : "whole, but cut off by damage from what comes before",
                acknowledged: run.Last > plan.End);
            yield break;
        }

        if (run.First < plan.Start)
        {
            yield return Whole(run.First, plan.Start.Previous, "whole, but the beginning of its append is lost; a snapshot covers it", acknowledged: false);
        }

        if (run.Last > plan.End)
        {
            yield return Whole(plan.End.Next, run.Last, "an append whose end is not there counts as not made", acknowledged: false);
        }
    }

    private static SalvageLoss Whole(SequenceNumber from, SequenceNumber to, string why, bool acknowledged) =>
        new("left out", from.Value, to.Value, null, null, null, why, acknowledged);

    private static SalvageLoss Beside(Finding finding, string what) =>
        new(finding.Kind, null, null, null, finding.File, finding.Offset, $"{finding.Message} ({what})", IsAcknowledged: false);

    private static bool IsCovered(SalvagePlan? plan, ulong? until) => plan is not null && until is { } end && end <= plan.Start.Value;

    /// <summary>From the damage to the next whole entry, as far as both lie in one file.</summary>
    private static long? BytesOf(Finding finding) =>
        finding.NextGood is { } next && next.File == finding.File ? next.Offset - finding.Offset : null;
}
