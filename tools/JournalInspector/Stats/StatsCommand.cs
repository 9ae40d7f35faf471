using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Stats;

/// <summary><c>stats DIR</c>.</summary>
internal static class StatsCommand
{
    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "stats",
            "Entries and bytes of each kind, client and tenant; sizes; rates by journal time.",
            "journal-inspector stats DIR",
            "journal-inspector stats DIR --json | jq '.kinds[] | select(.kind == \"lease_granted\")'")
        .Does(terminal, disk, context =>
        {
            var progress = context.Progress("read");
            var collector = new StatsCollector();
            var walk = new JournalWalk(context.OpenJournal(), (in ScannedEntry entry) =>
            {
                progress.Count(entry.Encoded.Length);
                collector.See(entry);
                return true;
            }).Run(SequenceNumber.First);
            progress.End();
            context.Show(collector.Report(walk));
            return ExitCode.Ok;
        });
}
