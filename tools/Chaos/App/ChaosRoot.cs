using System.CommandLine;
using ControlPlane.Chaos.Commands;
using ControlPlane.Chaos.Nodes;

namespace ControlPlane.Chaos.App;

/// <summary>The tree of commands.</summary>
internal static class ChaosRoot
{
    public const string Name = "controlplane-chaos";

    public static Option<bool> Json { get; } = new("--json") { Description = "Results as one line of JSON.", Recursive = true };

    public static IReadOnlyList<string> Examples { get; } =
    [
        $"{Name} doctor                          what this machine allows",
        $"{Name} run thawed-leader --report      one scenario, with a report to look at",
        $"{Name} check chaos-runs/...            judge a recorded run again",
        $"{Name} suite --minutes 20              all scenarios in turn",
    ];

    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Breaks a control plane of real processes on purpose, writes down everything that happens, and judges it.");
        root.Add(Json);
        root.Add(RunCommand.Build(terminal));
        root.Add(SuiteCommand.Build(terminal));
        root.Add(CheckCommand.Build(terminal));
        root.Add(ReportCommand.Build(terminal));
        root.Add(DoctorCommand.Build(terminal));
        root.Add(ScenariosCommand.Build(terminal));
        root.Add(SchemaCommand.Build(terminal));
        root.Add(NodeCommand.Build(terminal));
        HelpWithExamples.InstallOn(root);
        return root;
    }
}
