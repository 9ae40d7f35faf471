using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Dump;

/// <summary><c>dump DIR</c>.</summary>
internal static class DumpCommand
{
    private const string Table = "table";
    private const string JsonLines = "jsonl";
    private const string Hex = "hex";

    private static readonly Option<ulong?> From = PositionOption.Named("--from", "First position shown.");
    private static readonly Option<ulong?> To = PositionOption.Named("--to", "Last position shown.");
    private static readonly Option<string[]> Kinds = KindOption();
    private static readonly Option<ulong?> Sandbox = NameOption.Sandbox("Only entries of this sandbox and of its leases.");
    private static readonly Option<ClientId?> Client = NameOption.Client("Only appends of this client, and grants to it.");
    private static readonly Option<string> Format = FormatOption();

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "dump",
            "The entries, decoded. Behind damage it goes on at the next whole entry, and says what is missing in between.",
            "journal-inspector dump DIR --from 100 --to 120",
            "journal-inspector dump DIR --type lease_granted --format jsonl | jq .entry",
            "journal-inspector dump DIR --sandbox S0-12",
            "journal-inspector dump DIR --from 7 --to 7 --format hex")
        .With(From, To, Kinds, Sandbox, Client, Format)
        .Does(terminal, disk, Run);

    private static ExitCode Run(CommandContext context)
    {
        var filter = new DumpFilter
        {
            From = context.Value(From) is { } from ? new SequenceNumber(from) : SequenceNumber.First,
            To = context.Value(To) is { } to ? new SequenceNumber(to) : null,
            Kinds = context.Value(Kinds) ?? [],
            Sandbox = context.Value(Sandbox),
            Client = context.Value(Client),
        };
        var journal = context.OpenJournal();
        var format = FormatOf(context.Json ? JsonLines : context.Value(Format)!);
        var progress = context.Progress("read");
        format.Begin(context.Terminal.Output);
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
                    format.Write(context.Terminal.Output, entry, decoded, journal.Relative(entry.File));
                }

                return true;
            },
            finding => format.Write(context.Terminal.Output, finding)).Run(filter.WalkFrom);
        progress.End();
        return ExitCode.Ok;
    }

    private static IDumpFormat FormatOf(string name) => name switch
    {
        JsonLines => new JsonLinesDump(),
        Hex => new HexDump(),
        _ => new TableDump(),
    };

    private static Option<string[]> KindOption()
    {
        var option = new Option<string[]>("--type")
        {
            Description = "Only entries of these kinds, for instance lease_granted; may be repeated.",
            HelpName = "KIND",
            Arity = ArgumentArity.OneOrMore,
        };
        option.AcceptOnlyFromAmong([.. EntryKinds.All]);
        return option;
    }

    private static Option<string> FormatOption()
    {
        var option = new Option<string>("--format")
        {
            Description = "How it looks; --json is the same as jsonl.",
            DefaultValueFactory = _ => Table,
        };
        option.AcceptOnlyFromAmong(Table, JsonLines, Hex);
        return option;
    }
}
