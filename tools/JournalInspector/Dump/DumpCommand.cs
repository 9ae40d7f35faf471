using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Dump;

/// <summary><c>dump DIR</c>; as JSON lines it is also the export.</summary>
internal static class DumpCommand
{
    private static readonly Option<ulong?> To = PositionOption.Named("--to", "Last position shown.");
    private static readonly Option<string?> Output = new("--output")
    {
        Description = "A new file for what would be printed: it is there when it is complete.",
        HelpName = "FILE",
    };

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "dump",
            "The entries, decoded. Behind damage it goes on at the next whole entry, and says what is missing in between.",
            "journal-inspector dump DIR --from 100 --to 120",
            "journal-inspector dump DIR --type lease_granted --format jsonl | jq .entry",
            "journal-inspector dump DIR --sandbox S0-12",
            "journal-inspector dump DIR --from 7 --to 7 --format hex",
            "journal-inspector dump DIR --format jsonl --output entries.jsonl")
        .With(EntryFilterOptions.From, To, EntryFilterOptions.Kinds, EntryFilterOptions.Sandbox, EntryFilterOptions.Client, DumpFormats.Option, Output)
        .Does(terminal, disk, Run);

    private static ExitCode Run(CommandContext context)
    {
        var filter = EntryFilterOptions.Read(context, context.Value(To) is { } to ? new SequenceNumber(to) : null);
        var journal = context.OpenJournal();
        var format = DumpFormats.Of(context);
        if (context.Value(Output) is not { } path)
        {
            Write(context, journal, filter, format, context.Terminal.Output);
            return ExitCode.Ok;
        }

        using var file = OutputFile.Create(path, journal.Root);
        Write(context, journal, filter, format, file.Writer);
        file.Complete();
        return ExitCode.Ok;
    }

    private static void Write(CommandContext context, JournalDirectory journal, DumpFilter filter, IDumpFormat format, TextWriter output)
    {
        var progress = context.Progress("read");
        format.Begin(output);
        new JournalWalk(
            journal,
            (in ScannedEntry entry) =>
            {
                if (entry.Header.Sequence > filter.To)
                {
                    return false;
                }

                progress.Count(entry.Encoded.Length);
                var decoded = DecodedEntry.Of(entry.Header, entry.Payload);
                if (filter.Shows(entry.Header, decoded))
                {
                    format.Write(output, entry, decoded, journal.Relative(entry.File));
                }

                return true;
            },
            finding => format.Write(output, finding)).Run(filter.WalkFrom);
        progress.End();
    }
}
