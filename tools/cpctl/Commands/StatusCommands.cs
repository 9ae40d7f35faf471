using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl status</c>, <c>snapshot</c>, <c>handover</c> and <c>version</c>.</summary>
internal static class StatusCommands
{
    public static IEnumerable<Command> Build(Terminal terminal) =>
    [
        Status(terminal),
        Snapshot(terminal),
        HandOver(terminal),
        new CpctlCommand("version", "The version of this tool.", "cpctl version --json")
            .Does(terminal, context =>
            {
                context.Show(new VersionView(Version, RuntimeInformation.FrameworkDescription));
                return Task.CompletedTask;
            }),
    ];

    private static CpctlCommand Status(Terminal terminal)
    {
        var partition = PartitionOption.Create();
        return new CpctlCommand("status", "The node's role, its journal's positions, and what the plane holds.", "cpctl status", "cpctl status --json | jq .committed")
            .With(partition)
            .Does(terminal, async context => context.Show(StatusView.Of(await context.Operator.GetStatusAsync(context.PartitionOf(partition), context.Cancellation))));
    }

    private static CpctlCommand Snapshot(Terminal terminal)
    {
        var partition = PartitionOption.Create();
        return new CpctlCommand("snapshot", "Writes a snapshot of the plane's state now, so that the next start replays less.", "cpctl snapshot")
            .With(partition)
            .Does(terminal, async context =>
            {
                var taken = await context.Operator.TakeSnapshotAsync(context.PartitionOf(partition), context.Cancellation);
                context.Show(new SnapshotView(taken.Position, taken.Bytes, taken.StateHash));
            });
    }

    private static CpctlCommand HandOver(Terminal terminal)
    {
        var partition = PartitionOption.Create();
        var to = new Option<string>("--to") { Description = "Name of the node that is to lead; default: whichever holds most.", HelpName = "NODE", DefaultValueFactory = _ => "" };
        var journal = new Option<string>("--journal") { Description = "Of a journal for general use instead, by its name.", HelpName = "NAME" };
        return new CpctlCommand(
            "handover",
            "Hands the leadership of a partition to another node, as every node does by itself when it is told to stop. Nothing acknowledged is lost; clients go to the new leader by themselves.",
            "cpctl handover --to node-2",
            "cpctl handover --partition 3 --to node-1",
            "cpctl handover --journal orders")
            .With(to, partition, journal)
            .Does(terminal, async context =>
            {
                var start = Stopwatch.GetTimestamp();
                var leader = context.Get(journal) is { } name
                    ? (await context.Operator.HandOverJournalAsync(name, context.Get(to)!, context.Cancellation)).Leader
                    : await context.Operator.HandOverAsync(context.Get(to)!, context.PartitionOf(partition), context.Cancellation);
                context.Show(new HandOverView(leader, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds));
            });
    }

    private static string Version =>
        typeof(StatusCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
