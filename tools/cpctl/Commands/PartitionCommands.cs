using System.CommandLine;
using System.Globalization;
using ControlPlane.Primitives;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl partition list|of</c>.</summary>
internal static class PartitionCommands
{
    public static Command Build(Terminal terminal) => new CpctlCommand("partition", "How the plane is divided: each partition has a journal and a leader of its own, and some of the functions.").With(
        List(terminal), Of(terminal));

    private static CpctlCommand List(Terminal terminal) => new CpctlCommand("list", "The partitions, who leads each, and what it holds.", "cpctl partition list").Does(terminal, async context =>
    {
        var told = await context.Client.GetPartitionsAsync(context.Cancellation);
        var rows = new List<PartitionListView.Row>();
        foreach (var partition in told.Partitions)
        {
            var status = await context.Operator.GetStatusAsync(new PartitionId(partition.Partition_), context.Cancellation);
            rows.Add(new(partition.Partition_, partition.Leader, status.Epoch, status.Committed, status.Functions, status.Sandboxes, status.Leases));
        }

        context.Show(new PartitionListView(rows));
    });

    private static CpctlCommand Of(Terminal terminal)
    {
        var function = new Argument<string>("FUNCTION") { Description = "Its name, whether it is deployed or not." };
        return new CpctlCommand("of", "The partition that a function belongs to.", "cpctl partition of echo-sh").With(function).Does(terminal, async context =>
            FunctionName.TryCreate(context.Get(function), out var name)
                ? Shown(context, new FunctionPartitionView(name.Value, (await context.Client.PartitionOfAsync(name, context.Cancellation)).Value))
                : throw new UsageException($"'{context.Get(function)}' is not the name of a function", $"Use {Name.Rule}."));
    }

    private static ExitCode Shown(CommandContext context, View view)
    {
        context.Show(view);
        return ExitCode.Ok;
    }
}

/// <summary>The partitions, in order.</summary>
internal sealed record PartitionListView(IReadOnlyList<PartitionListView.Row> Partitions) : View
{
    /// <summary>One of them; the leader is empty if nobody is known to lead.</summary>
    internal sealed record Row(uint Partition, string Leader, ulong Epoch, ulong Committed, ulong Functions, ulong Sandboxes, ulong Leases);

    public override IRenderable Render() => Layout.Table(
        ["PARTITION", "LEADER", "EPOCH", "COMMITTED", "FUNCTIONS", "SANDBOXES", "LEASES"],
        Partitions.Select(row => new[] { Text(row.Partition), row.Leader.Length == 0 ? "(nobody known)" : row.Leader, Text(row.Epoch), Text(row.Committed), Text(row.Functions), Text(row.Sandboxes), Text(row.Leases) }),
        "");

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where a function belongs.</summary>
internal sealed record FunctionPartitionView(string Function, uint Partition) : View
{
    public override IRenderable Render() => Layout.Line($"{Function} belongs to partition {Partition}");
}
