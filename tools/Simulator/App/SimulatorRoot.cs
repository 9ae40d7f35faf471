using System.CommandLine;
using ControlPlane.Simulator.Mutating;
using ControlPlane.Simulator.Repeating;
using ControlPlane.Simulator.Running;

namespace ControlPlane.Simulator.App;

/// <summary>The tree of commands.</summary>
internal static class SimulatorRoot
{
    public const string Name = "controlplane-sim";

    public static IReadOnlyList<string> Examples { get; } =
    [
        "controlplane-sim run --seeds 500                 five hundred worlds, each for minutes of virtual time",
        "controlplane-sim seed 42 --verbose | less        one of them, event by event",
        "controlplane-sim shrink 42 --out repro.json      a failing one made small, in a file that stands for itself",
        "controlplane-sim replay repro.json               does it still fail?",
    ];

    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(
            "Runs the control plane's own code in simulated worlds: nodes, disks, networks, clocks, workers and clients that fail in every way that a seed can think of; and says whether anything happened that must never happen.");
        root.Add(RunCommand.Build(terminal));
        root.Add(SeedCommand.Build(terminal));
        root.Add(ReplayCommand.Build(terminal));
        root.Add(ShrinkCommand.Build(terminal));
        root.Add(MutantsCommand.Build(terminal));
        HelpWithExamples.InstallOn(root);
        return root;
    }
}
