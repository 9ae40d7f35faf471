using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;

namespace ControlPlane.JournalInspector.Verify;

/// <summary><c>verify DIR [--deep]</c>.</summary>
internal static class VerifyCommand
{
    private static readonly Option<bool> Deep = new("--deep")
    {
        Description = "Replay the state too, and compare every journaled state hash and every snapshot with it.",
    };

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "verify",
            "Checks every checksum, the hash chain, the slots, the snapshots and what was acknowledged. Exit code 0: whole; 1: damage that loses nothing acknowledged; 2: acknowledged data is damaged, missing or in doubt.",
            "journal-inspector verify DIR --deep",
            "journal-inspector verify DIR --json | jq '.findings[] | {file, offset, message}'")
        .With(Deep, PartitionOption.Partition)
        .Does(terminal, disk, context =>
        {
            var progress = context.Progress("verified");
            var deep = context.Value(Deep) ? new DeepVerification(context.Value(PartitionOption.Partition)) : null;
            var report = Verification.Run(context.OpenJournal(), deep, progress);
            progress.End();
            context.Show(report);
            return Verdict.WorstOf(report.Findings) switch
            {
                Severity.Loss => ExitCode.AcknowledgedDamage,
                Severity.Harmless => ExitCode.HarmlessDamage,
                _ => ExitCode.Ok,
            };
        });
}
