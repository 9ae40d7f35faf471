using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;

namespace ControlPlane.JournalInspector.Diff;

/// <summary><c>diff DIR DIR [DIR…]</c>.</summary>
internal static class DiffCommand
{
    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "diff",
            "Compares replicas of one journal entry by entry. Exit code 0: they agree wherever they have the same positions (one may be shorter, or begin later); 1: only tails differ that were never committed, which the next reign clips; 2: committed entries or states differ, or something cannot be read.",
            GlobalOptions.Directories,
            ["journal-inspector diff node-1/journal node-2/journal node-3/journal", "journal-inspector diff A B --json | jq .divergences"])
        .Does(terminal, disk, context =>
        {
            var progress = context.Progress("compared");
            var report = Comparison.Run(context.OpenJournals(), progress);
            progress.End();
            context.Show(report);
            return report.Outcome switch
            {
                DiffOutcome.Agree => ExitCode.Ok,
                DiffOutcome.TailsDiffer => ExitCode.HarmlessDamage,
                _ => ExitCode.AcknowledgedDamage,
            };
        });
}
