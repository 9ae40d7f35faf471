using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary><c>whatif DIR --policy P</c>.</summary>
internal static class WhatIfCommand
{
    private static readonly Option<ulong?> From = PositionOption.Named("--from", "First entry of the demand; by default the first that is kept.");
    private static readonly Option<ulong?> To = PositionOption.Named("--to", "Last entry of the demand; by default the journal's end.");
    private static readonly Option<string[]> Policies = PolicyOption();
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Of what policies draw at random; another seed is another sample.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "whatif",
            "Replays the journaled demand (allocations, their ends, workers that come and go) in a model of the fleet under other placement policies, beside production's: warm rate, cold starts, balance. Says what the journal cannot tell.",
            "journal-inspector whatif DIR --policy pack --policy spread",
            "journal-inspector whatif DIR --policy round-robin --from 10000 --to 20000 --json | jq .outcomes")
        .With(Policies, From, To, Seed, PartitionOption.Partition)
        .Does(terminal, disk, Run);

    private static ExitCode Run(CommandContext context)
    {
        PlacementPolicy[] policies =
        [
            PlacementPolicies.Production,
            .. context.Value(Policies)!.Distinct().Select(PlacementPolicies.Named).Where(policy => policy != PlacementPolicies.Production),
        ];
        var progress = context.Progress("replayed");
        var report = WhatIfReplay.Run(
            context.OpenJournal(),
            policies,
            context.Value(Seed),
            context.Value(From) is { } from ? new SequenceNumber(from) : null,
            context.Value(To) is { } to ? new SequenceNumber(to) : null,
            context.Value(PartitionOption.Partition),
            progress);
        progress.End();
        context.Show(report);
        return ExitCode.Ok;
    }

    private static Option<string[]> PolicyOption()
    {
        var option = new Option<string[]>("--policy")
        {
            Description = "Which policies to try beside production's; may be repeated.",
            HelpName = "POLICY",
            Arity = ArgumentArity.OneOrMore,
            Required = true,
        };
        option.AcceptOnlyFromAmong([.. PlacementPolicies.All.Select(policy => policy.Name)]);
        return option;
    }
}
