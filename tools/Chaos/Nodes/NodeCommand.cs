using System.CommandLine;
using System.Globalization;
using ControlPlane.Chaos.App;
using ControlPlane.Scenarios;
using ControlPlane.Server;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ControlPlane.Chaos.Nodes;

/// <summary>
/// <c>node</c> (hidden): the production node, composed with a disk and a clock that can be told to be wrong. Everything else is what <c>cpctl serve</c>
/// runs. It ends when its standard input does, so that it never outlives who started it.
/// </summary>
internal static class NodeCommand
{
    public static Command Build(Terminal terminal)
    {
        var config = new Option<string>("--config") { Description = "The node's configuration.", Required = true };
        var power = new Option<bool>("--volatile") { Description = "Writes stay volatile until they are synced." };
        var command = new ChaosCommand("node", "A node whose disk and clock obey orders on standard input.").With(config, power)
            .Does(terminal, async context => (App.ExitCode)await RunAsync(context.Get(config)!, context.Get(power), context.Cancellation));
        command.Hidden = true;
        return command;
    }

    private static async Task<int> RunAsync(string config, bool canLosePower, CancellationToken cancellation)
    {
        var disk = new FailingDisk(canLosePower);
        var time = new ShiftedTime();
        var node = ControlPlaneNode.Build(NodeConfiguration.Load(config), builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "HH:mm:ss.fff ", true));
            builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            builder.Services.AddSingleton(disk.Disk);
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = ObeyAsync(disk, time, stop);
        return (int)await ControlPlaneNode.RunAsync(node, stop.Token);
    }

    private static async Task ObeyAsync(FailingDisk disk, ShiftedTime time, CancellationTokenSource stop)
    {
        using var orders = new StreamReader(Console.OpenStandardInput());
        while (await orders.ReadLineAsync() is { } order)
        {
            await Console.Error.WriteLineAsync($"chaos: {order}");
            Obey(disk, time, order.Split(' '));
        }

        await stop.CancelAsync();
    }

    private static void Obey(FailingDisk disk, ShiftedTime time, string[] order)
    {
        var number = order.Length > 2 ? double.Parse(order[2], CultureInfo.InvariantCulture) : 0;
        switch (order[0], order[1])
        {
            case ("disk", "fail"):
                disk.Fail((int)number);
                break;
            case ("disk", "full" or "room"):
                disk.SetFull(order[1] == "full");
                break;
            case ("disk", "stall"):
                disk.Stall(TimeSpan.FromMilliseconds(number));
                break;
            case ("disk", "tear"):
                disk.Tear((long)number);
                break;
            case ("disk", "lie"):
                disk.Lie();
                break;
            case ("power", "cut"):
                disk.CutPower((long)number);
                break;
            case ("kill", var word) when Words.TryRead<KillPoint>(word, out var point):
                disk.KillAt(point);
                break;
            case ("clock", "jump"):
                time.Jump(TimeSpan.FromMilliseconds(number));
                break;
            case ("clock", "rate"):
                time.Run(number);
                break;
        }
    }

    /// <summary>Signals belong to the command, which stops the node in its own order.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
