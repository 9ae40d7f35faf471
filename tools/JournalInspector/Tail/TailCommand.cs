using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Dump;

namespace ControlPlane.JournalInspector.Tail;

/// <summary><c>tail [-f] DIR</c>.</summary>
internal static class TailCommand
{
    private const int LinesByDefault = 10;

    private static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Go on with new entries as they become durable, until Ctrl-C or SIGTERM.",
    };

    private static readonly Option<int?> Lines = LinesOption();

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "tail",
            "The last entries, decoded; with -f also every new one, across segments, restarts of the node and clips.",
            "journal-inspector tail DIR --lines 20",
            "journal-inspector tail -f DIR --type lease_granted --type lease_expired",
            "journal-inspector tail -f DIR --from 1500 --format jsonl | jq .entry")
        .With(Follow, Lines, EntryFilterOptions.From, EntryFilterOptions.Kinds, EntryFilterOptions.Sandbox, EntryFilterOptions.Client, DumpFormats.Option)
        .Does(terminal, disk, Run);

    private static ExitCode Run(CommandContext context)
    {
        var follows = context.Value(Follow);
        var begin = new TailBeginning
        {
            Lines = context.Value(Lines) ?? (context.Value(EntryFilterOptions.From) is null ? LinesByDefault : int.MaxValue),
            OnlyDurable = follows,
        };
        var output = new EntryOutput(context.Terminal.Output, DumpFormats.Of(context), EntryFilterOptions.Read(context, to: null));
        var last = begin.Show(context.OpenJournal(), output, context.Progress("read"));
        context.Terminal.Output.Flush();
        if (follows)
        {
            new JournalFollower(context, output, last).Run();
        }

        return ExitCode.Ok;
    }

    private static Option<int?> LinesOption()
    {
        var option = new Option<int?>("--lines")
        {
            Description = "Show the last N first (10, or all from --from on).",
            HelpName = "N",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value.StartsWith('-'))
            {
                result.AddError("--lines is a number of entries, 0 or more");
            }
        });
        return option;
    }
}
