using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary>The options of <c>cpctl dev</c> that concern several nodes.</summary>
internal sealed class ClusterOptionsOfDev
{
    private readonly Option<int> _nodes = new("--nodes") { Description = "Nodes, each a process of its own: 1, 3, 5 or 7. With several the data are kept apart from those of one.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _killLeader = new("--kill-leader") { Description = "Kills the leading node under load and shows what that cost: the same as --fault kill-leader." };
    private readonly Option<string> _fault = new("--fault") { Description = $"What is done to the nodes under load: {FaultNames.List}.", HelpName = "FAULT" };
    private readonly Option<int> _rounds = new("--rounds") { Description = "How often the fault is done.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _clients = new("--clients") { Description = "Clients of the load.", HelpName = "N", DefaultValueFactory = _ => 16 };

    public Option[] All => [_nodes, _killLeader, _fault, _rounds, _clients];

    public int NodesOf(CommandContext context)
    {
        var nodes = context.Get(_nodes);
        if (nodes is not (1 or 3 or 5 or 7))
        {
            throw new UsageException($"--nodes {nodes} is no number of nodes for a majority", "Choose 1, 3, 5 or 7.");
        }

        return nodes == 1 && FaultOf(context) is not null ? throw new UsageException("a fault needs several nodes", "Add --nodes 3.") : nodes;
    }

    public Fault? FaultOf(CommandContext context) =>
        context.Get(_fault) is { } name ? FaultNames.Parse(name) : context.Get(_killLeader) ? Fault.KillLeader : null;

    public int RoundsOf(CommandContext context) => Positive(context.Get(_rounds), "--rounds");

    public int ClientsOf(CommandContext context) => Positive(context.Get(_clients), "--clients");

    private static int Positive(int value, string option) =>
        value > 0 ? value : throw new UsageException($"{option} {value} is not positive", $"Give {option} a number from 1 on.");
}
