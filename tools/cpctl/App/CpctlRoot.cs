using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary>The tree of commands.</summary>
internal static class CpctlRoot
{
    public const string Name = "cpctl";

    public static IReadOnlyList<string> Examples { get; } =
    [
        "cpctl dev                                  everything on this machine, with a self-check",
        "cpctl invoke echo-sh --payload hello       lease a sandbox, run one invocation, release it",
        "cpctl status --json                        for scripts",
        "source <(cpctl completion bash)            completion in this shell",
    ];

    public static IReadOnlyList<string> EnvironmentVariables { get; } =
    [
        "CPCTL_ADDRESS   where the plane listens, instead of --address",
        "CPCTL_TENANT    who asks, instead of --tenant",
        "CONTROLPLANE_CA, CONTROLPLANE_CERT, CONTROLPLANE_KEY   certificate files, instead of --ca, --cert and --key",
        "NO_COLOR        if set, no colours",
    ];

    public static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand(
            "Leases warm sandboxes from a durable control plane, and runs one. A lease that was answered survives any crash; no sandbox is ever held by two.");
        GlobalOptions.AddTo(root);
        foreach (var command in Commands(terminal))
        {
            root.Add(command);
        }

        HelpWithExamples.InstallOn(root);
        return root;
    }

    private static IEnumerable<Command> Commands(Terminal terminal) =>
    [
        DevCommand.Build(terminal),
        ServeCommand.Build(terminal),
        InvokeCommand.Build(terminal),
        AllocateCommand.Build(terminal),
        .. LeaseCommands.Build(terminal),
        .. RequestCommands.Build(terminal),
        ExplainCommand.Build(terminal),
        WatchCommand.Build(terminal),
        FunctionCommands.Build(terminal),
        WorkerCommands.Build(terminal),
        TenantCommands.Build(terminal),
        SettingsCommands.Build(terminal),
        .. StatusCommands.Build(terminal),
        PartitionCommands.Build(terminal),
        ReplicaCommands.Build(terminal),
        JournalCommands.Build(terminal),
        CertsCommands.Build(terminal),
        CompletionCommand.Build(terminal),
    ];
}
