using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Hash;

/// <summary><c>hash DIR [--every N]</c>.</summary>
internal static class HashCommand
{
    private const int EveryByDefault = 10_000;

    private static readonly Option<ulong?> From = PositionOption.Named("--from", "First position of interest; earlier ones are hashed all the same.");
    private static readonly Option<ulong?> To = PositionOption.Named("--to", "Last position; by default the end of the last whole append.");
    private static readonly Option<ulong> Every = EveryOption();

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "hash",
            "Hashes at every Nth position, to compare two machines over the phone: where the check words agree, everything before agrees. Compare one in the middle, then in the half that differs.",
            "journal-inspector hash DIR",
            "journal-inspector hash DIR --from 40000 --to 50000 --every 100")
        .With(Every, From, To, PartitionOption.Partition)
        .Does(terminal, disk, context =>
        {
            var progress = context.Progress("hashed");
            var boundaries = new HashBoundaries(
                context.Value(Every), new SequenceNumber(context.Value(From) ?? 1), context.Value(To) is { } to ? new SequenceNumber(to) : null);
            var report = HashReading.Run(context.OpenJournal(), boundaries, context.Value(PartitionOption.Partition), progress);
            progress.End();
            context.Show(report);
            return ExitCode.Ok;
        });

    private static Option<ulong> EveryOption()
    {
        var option = new Option<ulong>("--every")
        {
            Description = "A row at each multiple of N, and one at the end.",
            HelpName = "N",
            DefaultValueFactory = _ => EveryByDefault,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value == "0")
            {
                result.AddError("--every is 1 or more");
            }
        });
        return option;
    }
}
