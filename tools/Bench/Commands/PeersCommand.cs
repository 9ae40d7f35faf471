using System.CommandLine;
using System.Globalization;
using ControlPlane.Bench.Peers;
using Spectre.Console;

namespace ControlPlane.Bench.Commands;

/// <summary><c>peers</c>: what a message between two nodes costs, beside bare sockets; both ends in this process, over loopback.</summary>
internal static class PeersCommand
{
    private static readonly int[] Depths = [1, 64];

    public static Command Build()
    {
        var seconds = BenchOptions.Seconds(3);
        var rounds = new Option<int>("--rounds") { Description = "How often all are measured, alternating.", DefaultValueFactory = _ => 3 };
        var command = new Command("peers", "Messages between nodes over loopback, beside bare sockets: latency, throughput, wake-ups.") { seconds, rounds };
        command.SetAction((parsed, _) => RunAsync(TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)), parsed.GetRequiredValue(rounds)));
        return command;
    }

    private static async Task RunAsync(TimeSpan duration, int rounds)
    {
        await using var raw = new RawSocketPath();
        await using var link = await PeerLinkPath.StartAsync("link", inline: false);
        await using var inline = await PeerLinkPath.StartAsync("link, inline completions", inline: true);
        IPeerPath[] paths = [raw, link, inline];
        var runs = new List<(string Path, int Depth, PeerFigures Figures)>();
        for (var round = -1; round < rounds; round++)
        {
            foreach (var depth in Depths)
            {
                foreach (var path in paths)
                {
                    var figures = await path.RunAsync(depth, duration);
                    if (round >= 0)
                    {
                        runs.Add((path.Name, depth, figures));
                    }
                }
            }
        }

        AnsiConsole.Write(Report(runs));
    }

    private static Table Report(IEnumerable<(string Path, int Depth, PeerFigures Figures)> runs)
    {
        var table = new Table().AddColumns("in flight", "path", "p50 µs", "p99 µs", "per second", "wake-ups each", "in a batch");
        foreach (var group in runs.GroupBy(run => (run.Depth, run.Path)))
        {
            var all = group.Select(run => run.Figures).ToList();
            table.AddRow(
                group.Key.Depth.ToString(CultureInfo.InvariantCulture),
                group.Key.Path,
                Median(all, f => f.P50, "N0"),
                Median(all, f => f.P99, "N0"),
                Median(all, f => f.PerSecond, "N0"),
                Median(all, f => f.WakeUps, "N2"),
                Median(all, f => f.PerBatch, "N1"));
        }

        return table;
    }

    private static string Median(List<PeerFigures> figures, Func<PeerFigures, double> of, string format) =>
        figures.Select(of).Order().ElementAt(figures.Count / 2).ToString(format, CultureInfo.InvariantCulture);
}
