using System.CommandLine;
using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console;
using Stage = ControlPlane.Protocol.V1.ReplaceReplicaProgress.Types.Stage;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl replica replace</c>.</summary>
internal static class ReplicaCommands
{
    public static Command Build(Terminal terminal)
    {
        var group = new Command("replica", "The replicas of a journal; `cpctl status` at the leader shows how they stand.");
        group.Add(Replace(terminal));
        return group;
    }

    private static CpctlCommand Replace(Terminal terminal)
    {
        var remove = new Option<string>("--remove") { Description = "The replica that leaves, by its node's name or its identifier; default: the only one that cannot be reached.", HelpName = "NODE|ID", DefaultValueFactory = _ => "" };
        var add = new Option<string>("--add") { Description = "The node whose replica joins; default: the only one with a spare.", HelpName = "NODE", DefaultValueFactory = _ => "" };
        var journal = new Option<string>("--journal") { Description = "Whose replica, by the journal's name; default: the worker manager's. Each journal is asked for by itself.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        return new CpctlCommand(
            "replace",
            "Puts a fresh replica in the place of one that is lost, or of one that is to go, while the plane serves. Start the new node first, with an empty data directory; at the end the leadership moves to another node, as by `cpctl handover`.",
            "cpctl replica replace                          after node-3's disk was lost and node-3 started empty",
            "cpctl replica replace --remove node-3 --add node-4")
            .With(remove, add, journal)
            .Does(terminal, async context =>
            {
                var request = new ReplaceReplicaRequest { Journal = context.Get(journal)!, Remove = context.Get(remove)!, Add = context.Get(add)! };
                var steps = context.Operator.ReplaceReplicaAsync(request, context.Cancellation);
                context.Show(ReplacementView.Of(await (terminal.IsInteractive && !context.Json ? DrawAsync(terminal, steps) : TellAsync(context, steps))));
            });
    }

    // A line for each stage, and for each tenth of the way.
    private static async Task<ReplaceReplicaProgress> TellAsync(CommandContext context, IAsyncEnumerable<ReplaceReplicaProgress> steps)
    {
        var last = new ReplaceReplicaProgress();
        var told = "";
        await foreach (var step in steps)
        {
            last = step;
            var text = step.Stage == Stage.CatchingUp ? $"{Words(step.Stage)} {Math.Floor(Share(step) * 10) * 10:0} %" : Words(step.Stage);
            if (text != told)
            {
                context.Note($"{step.Node}: {text}");
                told = text;
            }
        }

        return last;
    }

    private static Task<ReplaceReplicaProgress> DrawAsync(Terminal terminal, IAsyncEnumerable<ReplaceReplicaProgress> steps) =>
        terminal.Console.Progress().HideCompleted(true).StartAsync(async progress =>
        {
            var last = new ReplaceReplicaProgress();
            var bar = progress.AddTask("replica", maxValue: 1);
            await foreach (var step in steps)
            {
                last = step;
                bar.Description = $"{Markup.Escape(step.Node)}: {Words(step.Stage)}";
                bar.Value = step.Stage == Stage.CatchingUp ? Math.Min(Share(step), 0.99) : step.Stage == Stage.Replaced ? 1 : 0.99;
            }

            return last;
        });

    // The snapshot is most of the way where there is one; behind it, and without it, positions tell.
    private static double Share(ReplaceReplicaProgress step) => step switch
    {
        { SnapshotBytes: > 0 } when step.SnapshotSent < step.SnapshotBytes => (double)step.SnapshotSent / step.SnapshotBytes,
        { Last: > 0 } => Math.Min(1, (double)step.Held / step.Last),
        _ => 0,
    };

    private static string Words(Stage stage) => stage switch
    {
        Stage.CatchingUp => "catching up",
        Stage.ChangingVotes => "taking over the vote",
        Stage.HandingOver => "handing over",
        Stage.Replaced => "replaced",
        _ => stage.ToString(),
    };
}

/// <summary>A replica that was replaced.</summary>
internal sealed record ReplacementView(string Leaving, string Joining, string Node, ulong Held) : View
{
    public static ReplacementView Of(ReplaceReplicaProgress last) => new(last.Leaving, last.Joining, last.Node, last.Held);

    public override Spectre.Console.Rendering.IRenderable Render() => Layout.Properties(
        ("left", Leaving),
        ("joined", $"{Joining} on {Node}"),
        ("held", string.Create(CultureInfo.InvariantCulture, $"everything up to position {Held}, and what follows")));
}
