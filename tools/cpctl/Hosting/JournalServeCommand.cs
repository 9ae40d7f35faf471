using System.CommandLine;
using ControlPlane.Server.Configuration;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl journal serve</c>: a node that keeps journals and nothing else.</summary>
internal static class JournalServeCommand
{
    public static CpctlCommand Build(Terminal terminal)
    {
        var run = new NodeRun();
        var journals = new Option<string[]>("--journal", "-j") { Description = "A journal that the node keeps; repeat it for more. Default: what the configuration names in Journals.", HelpName = "NAME" };
        return new CpctlCommand(
            "serve",
            "Runs a node that keeps journals and nothing else, alone or as one of a cluster, until it is told to stop. Configured as `cpctl serve` is.",
            "cpctl journal serve --journal orders --data ./orders",
            "cpctl journal serve --config node-1.json      a node of a cluster: Cluster:Name, Cluster:Nodes, Journals")
            .With(run.Options)
            .With(journals)
            .Does(terminal, context => run.RunAsync(
                context,
                [
                    new(NodeKeys.WorkerManager.Path, "false"),
                    .. (context.Get(journals) ?? []).Index().Select(one => KeyValuePair.Create($"{NodeKeys.Journals.Path}:{one.Index}", (string?)one.Item)),
                ]));
    }
}
