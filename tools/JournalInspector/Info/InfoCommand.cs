using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;

namespace ControlPlane.JournalInspector.Info;

/// <summary><c>info DIR</c>.</summary>
internal static class InfoCommand
{
    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "info",
            "What the directory is, what it holds, and whether it is whole.",
            "journal-inspector info /var/lib/control-plane/journal",
            "journal-inspector info DIR --json | jq .verdict")
        .Does(terminal, disk, context =>
        {
            var progress = context.Progress("read");
            var report = InfoReader.Read(context.OpenJournal(), progress);
            progress.End();
            context.Show(report);
            return ExitCode.Ok;
        });
}
