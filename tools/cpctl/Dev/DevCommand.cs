using System.CommandLine;
using System.Net;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Server;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl dev</c>: the whole control plane on this machine, in one process.</summary>
internal static class DevCommand
{
    public static Command Build(Terminal terminal)
    {
        var once = new Option<bool>("--once") { Description = "End after the self-check instead of serving." };
        var data = new Option<string>("--data") { Description = "Where the journal and the worker's memory live.", HelpName = "DIR", DefaultValueFactory = _ => DataDirectories.Default("dev") };
        var cycles = new Option<int>("--cycles") { Description = "Cycles of the self-check; 0 = none.", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var partitions = new Option<int>("--partitions") { Description = "Partitions of the worker manager; a data directory keeps the number that it was made with.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var cluster = new ClusterOptionsOfDev();
        return new CpctlCommand(
            "dev",
            "Runs the whole control plane in this process: a node with an embedded journal at --address, and a local worker with its gate at the next port. Deploys the examples, checks itself, and serves until Ctrl-C. Kill it at any moment and start it again: it knows every lease.",
            "cpctl dev",
            "cpctl dev --once --json                    the self-check's figures, for scripts",
            "cpctl dev --data ./state --address http://127.0.0.1:8080",
            "cpctl dev --nodes 3                       three nodes as processes of their own; kill any one",
            "cpctl dev --nodes 3 --kill-leader --once  what a dead leader costs, as a table",
            "cpctl dev --nodes 3 --fault pause-leader --rounds 100 --clients 64 --once")
            .With(once, data, cycles, partitions).With(cluster.All)
            .Does(terminal, context => cluster.NodesOf(context) is var nodes and > 1
                ? DevCluster.RunAsync(context, cluster, nodes, Path.GetFullPath(context.Has(data) ? context.Get(data)! : DataDirectories.Default("dev-cluster")), context.Get(once), context.Get(cycles), PartitionsOf(context, partitions))
                : RunAsync(context, Path.GetFullPath(context.Get(data)!), context.Get(once), context.Get(cycles), PartitionsOf(context, partitions)));
    }

    private static int PartitionsOf(CommandContext context, Option<int> option) => context.Get(option) is var partitions && partitions is >= 1 and <= PartitionMap.CountMax
        ? partitions
        : throw new UsageException($"--partitions {partitions} is out of range", $"Choose 1 to {PartitionMap.CountMax}.");

    private static async Task<ExitCode> RunAsync(CommandContext context, string data, bool once, int cycles, int partitions)
    {
        var listen = ListenAddress.Of(context.Addresses[0]);
        var gate = new IPEndPoint(listen.Address, listen.Port + 1);
        foreach (var endpoint in new[] { listen, gate })
        {
            ListenAddress.RequireFree(endpoint, "Another `cpctl dev` may be running: use it, stop it, or choose --address http://127.0.0.1:PORT and --data DIR.");
        }

        context.Note($"data        {data}");
        await using var plane = await StartAsync(context, listen, gate, data, partitions);
        try
        {
            return await UseAsync(context, plane, once, cycles);
        }
        catch (ControlPlaneException)
        {
            // A node that has ended by a fault answers nothing any more: the fault is the failure to report, not the silence behind it.
            await plane.ThrowIfFailedAsync();
            throw;
        }
    }

    private static async Task<ExitCode> UseAsync(CommandContext context, LocalPlane plane, bool once, int cycles)
    {
        await TellStateAsync(context);
        var functions = await ExampleFunctions.DeployAsync(context.Operator, context.Note, context.Cancellation);
        context.Note($"functions   {string.Join(", ", functions)}");
        var passed = functions.Count > 0 && await CheckAsync(context, context.Client, functions[0], cycles);
        if (once)
        {
            return passed ? ExitCode.Ok : ExitCode.Refused;
        }

        TellNext(context, functions);
        await plane.ServeAsync(context.Cancellation);
        context.Note("stopping");
        return ExitCode.Ok;
    }

    private static Task<LocalPlane> StartAsync(CommandContext context, IPEndPoint listen, IPEndPoint gate, string data, int partitions)
    {
        if (!context.Terminal.IsInteractive || context.Json)
        {
            return LocalPlane.StartAsync(listen, gate, data, partitions, LogLevel.Information, new ReplayTeller(_ => { }), context.Cancellation);
        }

        // A person sees what matters of the start in lines of their own; log lines between them would only break the picture.

        return context.Terminal.Console.Status().StartAsync("starting", status => LocalPlane.StartAsync(
            listen, gate, data, partitions, LogLevel.Warning, new ReplayTeller(told => status.Status = Markup.Escape(told)), context.Cancellation));
    }

    private static async Task TellStateAsync(CommandContext context)
    {
        var status = await context.Operator.GetStatusAsync(cancellation: context.Cancellation);
        context.Note($"plane       {context.Addresses[0]}, epoch {status.Epoch}, {status.Durability}");
        context.Note(status.Epoch <= 1
            ? "journal     new"
            : $"journal     recovered {status.Leases} lease(s) from position {status.Committed} (snapshot at {status.Snapshot}, then replayed)");
    }

    internal static async Task<bool> CheckAsync(CommandContext context, ControlPlaneClient client, string function, int cycles)
    {
        var check = new SelfCheck(client, function);
        if (cycles == 0)
        {
            return true;
        }

        SelfCheckView view;
        if (context.Terminal.IsInteractive && !context.Json)
        {
            view = await context.Terminal.Console.Progress().HideCompleted(true).StartAsync(progress =>
            {
                var bar = progress.AddTask($"self-check  {cycles} x allocate, invoke, release", maxValue: cycles);
                return check.RunAsync(cycles, () => bar.Increment(1), context.Cancellation);
            });
        }
        else
        {
            context.Note($"self-check  {cycles} x allocate, invoke, release");
            view = await check.RunAsync(cycles, () => { }, context.Cancellation);
        }

        context.Show(view);
        return view.Passed;
    }

    private static void TellNext(CommandContext context, IReadOnlyList<string> functions)
    {
        var address = context.Addresses[0] == GlobalOptions.DefaultAddress ? "" : $" --address {context.Addresses[0]}";
        var function = functions.Count > 0 ? functions[0] : "NAME";
        context.Note($"""

            Try this next, in another terminal:
              cpctl invoke {function} --payload hello{address}
              cpctl allocate {function} --ttl 10m{address}      # then kill -9 this process, start it again, and:
              cpctl lease list{address}
              cpctl watch --from 1{address}
              cpctl journal append dev hello{address}

            Serving until Ctrl-C.
            """);
    }

    /// <summary>Tells on the reporting thread: the replay is over before a queued word would be said.</summary>
    private sealed class ReplayTeller(Action<string> tell) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => tell(
            value.Entries == 0 ? "starting" : $"replaying {value.Journal}: {value.Entries:N0} entries, {value.Bytes >> 20:N0} MiB");
    }
}
