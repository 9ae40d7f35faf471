using System.CommandLine;
using ControlPlane.JournalInspector.App;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>The formats by name.</summary>
internal static class DumpFormats
{
    private const string Table = "table";
    private const string JsonLines = "jsonl";
    private const string Hex = "hex";

    public static Option<string> Option { get; } = FormatOption();

    public static IDumpFormat Of(CommandContext context) => (context.Json ? JsonLines : context.Value(Option)) switch
    {
        JsonLines => new JsonLinesDump(),
        Hex => new HexDump(),
        _ => new TableDump(),
    };

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
