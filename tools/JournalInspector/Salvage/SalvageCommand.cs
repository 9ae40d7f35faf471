using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.JournalInspector.Verify;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary><c>salvage DIR --to NEWDIR</c>.</summary>
internal static class SalvageCommand
{
    private static readonly Option<string> To = new("--to")
    {
        Description = "A new directory, or an empty one; outside the source.",
        HelpName = "NEWDIR",
        Required = true,
    };

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "salvage",
            "Copies what is valid to a new directory that can be opened again, and lists what is lost. Never changes the source. Exit code 0: all is in the copy; 1: only what was never acknowledged, or what a snapshot covers, is not; 2: acknowledged entries are lost, or nothing can be opened again.",
            "journal-inspector salvage DIR --to /mnt/rescue/journal",
            "journal-inspector salvage DIR --to NEWDIR --json | jq '.losses[] | {from, to, why}'")
        .With(To)
        .Does(terminal, disk, Run);

    private static ExitCode Run(CommandContext context)
    {
        var source = context.OpenWhatIsLeft();
        var target = SalvageTarget.Of(context.Value(To)!, source);
        var survey = SnapshotSurvey.Of(source);
        var whole = survey.Files.Select(file => file.Header).OfType<Journal.Snapshots.SnapshotHeader>().ToArray();
        var reading = context.Progress("read");
        var runs = EntryRun.FindAll(source, whole.Select(header => header.Applied.Last).ToHashSet(), reading.Count, out var walk);
        reading.End();
        var plan = SalvagePlan.Choose(runs, whole);
        var losses = LossList.Of(source, walk, runs, survey, plan);
        var verdict = plan is null ? null : Copy(context, source, plan, NewestEpoch(source, walk, whole), target);
        context.Show(Report(plan, walk, losses, verdict));
        return plan is null || losses.Any(loss => loss.IsAcknowledged) ? ExitCode.AcknowledgedDamage
            : losses.Any(loss => loss.From is not null) ? ExitCode.HarmlessDamage
            : ExitCode.Ok;
    }

    private static string Copy(CommandContext context, JournalDirectory source, SalvagePlan plan, Epoch newestEpoch, SalvageTarget target)
    {
        var progress = context.Progress("copied");
        target.Begin();
        new SalvageWriter(source, plan, target.Path).Write(newestEpoch, progress);
        var verified = Verification.Run(JournalDirectory.Open(target.Path, context.Disk), deep: null, progress);
        progress.End();
        if (Verdict.WorstOf(verified.Findings) == Severity.Loss)
        {
            throw new InspectionException($"the copy does not verify and was left as {target.Path}: {verified.Verdict}");
        }

        target.Complete();
        return verified.Verdict;
    }

    private static SalvageReport Report(SalvagePlan? plan, WalkResult walk, IReadOnlyList<SalvageLoss> losses, string? verdict) => new()
    {
        First = plan is { HasEntries: true } ? plan.Start.Value : null,
        Last = plan?.End.Value,
        Snapshots = [.. plan?.Snapshots.Select(position => position.Value) ?? []],
        Proven = Math.Max(walk.Proven.Value, walk.End?.Last.Value ?? 0),
        Losses = losses,
        Verdict = verdict,
        Result = plan is null ? "NOT RECOVERABLE: no entries from the first on, and no whole snapshot: a state cannot be rebuilt from what is left"
            : losses.Any(loss => loss.IsAcknowledged) ? $"the state as it was at {plan.End}: ACKNOWLEDGED ENTRIES ARE LOST"
            : losses.Any(loss => loss.From is not null) ? $"the whole state, at {plan.End}; {(plan.Start > SequenceNumber.First ? $"history below {plan.Start}" : "what was never acknowledged")} is not in it"
            : "everything",
    };

    private static Epoch NewestEpoch(JournalDirectory source, WalkResult walk, IReadOnlyList<Journal.Snapshots.SnapshotHeader> snapshots) =>
        walk.Segments.Select(segment => segment.Name.Epoch)
            .Concat(snapshots.Select(header => header.Applied.LastEpoch))
            .Concat((source.Register.Configuration?.Epochs ?? []).Select(epoch => epoch.Epoch))
            .Append(source.Promise?.Epoch ?? default)
            .Append(source.Watermark?.Epoch ?? default)
            .Max();
}
