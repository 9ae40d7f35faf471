using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Primitives;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl dev --nodes N</c>: several nodes as processes of their own, a worker, and on request a fault under load.</summary>
internal static class DevCluster
{
    public static async Task<ExitCode> RunAsync(CommandContext context, ClusterOptionsOfDev options, int nodes, string data, bool once, int cycles, int partitions)
    {
        var (fault, rounds, clients) = (options.FaultOf(context), options.RoundsOf(context), options.ClientsOf(context));
        context.Note($"data        {data}");
        context.Note($"starting    {nodes} nodes");
        await using var cluster = await LocalCluster.StartAsync(
            ListenAddress.Of(context.Addresses[0]), nodes, partitions, data, Math.Max(64, 2 * clients) * partitions, canBeCut: fault == Fault.OneWay, context.Cancellation);
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = cluster.Addresses, Tenant = context.Tenant, Deadline = context.Timeout });
        var leader = await cluster.LeaderAsync(context.Cancellation);
        foreach (var node in cluster.Nodes)
        {
            context.Note($"{node.Name}      {node.Address}{(node == leader ? "  leads" : "")}");
        }

        var functions = await ExampleFunctions.DeployAsync(client.Operator, context.Note, context.Cancellation);
        context.Note($"functions   {string.Join(", ", functions)}");
        if (functions.Count == 0)
        {
            return ExitCode.Refused;
        }

        cluster.Watched = await client.PartitionOfAsync(FunctionName.Create(functions[0]), context.Cancellation);
        var passed = fault is { } chosen
            ? await StrikeAsync(context, cluster, functions[0], chosen, rounds, clients)
            : await DevCommand.CheckAsync(context, client, functions[0], cycles);
        if (once)
        {
            return passed ? ExitCode.Ok : ExitCode.Refused;
        }

        context.Note($"""

            Try this next, in another terminal:
              cpctl invoke {functions[0]} --payload hello --address {string.Join(',', cluster.Addresses)}
              cpctl status --address {leader.Address}
              cpctl handover --address {leader.Address}
            or kill -9 any one of the nodes. Their logs are in {data}.

            Serving until Ctrl-C.
            """);
        await Task.Delay(Timeout.Infinite, context.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Note("stopping");
        return ExitCode.Ok;
    }

    private static async Task<bool> StrikeAsync(CommandContext context, LocalCluster cluster, string function, Fault fault, int rounds, int clients)
    {
        context.Note($"load        {clients} clients; {FaultNames.Of(fault)}, {rounds} time(s)");
        var done = 0;
        var view = await new FailoverRun(cluster, function, clients).RunAsync(
            fault,
            rounds,
            round => context.Note(string.Create(CultureInfo.InvariantCulture, $"round {++done,4}  outage {round.OutageMs} ms")),
            context.Cancellation);
        context.Show(view);
        return view.Passed;
    }
}
