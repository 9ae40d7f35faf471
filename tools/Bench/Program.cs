using System.CommandLine;
using System.Globalization;
using ControlPlane.Bench.Commands;
using ControlPlane.Bench.Nodes;
using ControlPlane.Bench.Replicated;

switch (args)
{
    case [ServeForBench.Command, var directory]:
        return await ServeForBench.RunAsync(directory);
    case [ServeReplicaForBench.Command, var configuration]:
        return await ServeReplicaForBench.RunAsync(configuration);
    case [EchoServer.Command, var file, var bytes]:
        return EchoServer.Run(file, int.Parse(bytes, CultureInfo.InvariantCulture));
}

var root = new RootCommand(
    "Measures the control plane. Every figure stands beside a baseline from the same run: ratios travel between machines, microseconds do not.")
{
    AllocateCommand.Build(),
    OpenLoopCommand.Build(),
    ReplayCommand.Build(),
    PeersCommand.Build(),
    ReplicatedCommand.Build(),
    JoinCommand.Build(),
};
return await root.Parse(args).InvokeAsync();
