using System.CommandLine;
using ControlPlane.Simulator.App;

namespace ControlPlane.Simulator.Running;

/// <summary><c>run</c>.</summary>
internal static class RunCommand
{
    private static readonly Option<long> Seeds = new("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 500 };
    private static readonly Option<ulong> From = new("--from") { Description = "The first of them.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Hours = new("--hours") { Description = "Go on, beyond the seeds if need be, until so many virtual hours have passed." };
    private static readonly Option<int> Parallel = new("--parallel") { Description = "Runs at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<bool> Json = new("--json") { Description = "JSON on standard output." };

    public static Command Build(Terminal terminal) =>
        new SimulatorCommand(
            "run",
            "Runs many seeds, one in a hundred twice in separate processes, and sums up.",
            "controlplane-sim run --seeds 500",
            "controlplane-sim run --from 100000 --hours 1000 --json")
        .With(Seeds, From, Hours, Parallel, Json)
        .Does(terminal, parsed =>
        {
            var run = new SeedRun(terminal, parsed.GetValue(From), parsed.GetValue(Seeds), parsed.GetValue(Hours), parsed.GetValue(Parallel));
            var report = run.Run();
            if (parsed.GetValue(Json))
            {
                terminal.Output.WriteLine(report.ToJson());
            }
            else
            {
                report.Show(terminal);
            }

            return report.Exit;
        });
}
