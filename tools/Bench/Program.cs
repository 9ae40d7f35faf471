using System.CommandLine;
using ControlPlane.Bench.Commands;
using ControlPlane.Bench.Nodes;

if (args is [NodeProcess.Command, var directory])
{
    return await ServeForBench.RunAsync(directory);
}

var root = new RootCommand(
    "Measures the control plane. Every figure stands beside a baseline from the same run: ratios travel between machines, microseconds do not.")
{
    AllocateCommand.Build(),
    OpenLoopCommand.Build(),
    ReplayCommand.Build(),
    PeersCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
