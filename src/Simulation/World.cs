using ControlPlane.Primitives;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Coverage;
using ControlPlane.Simulation.Network;
using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;
using ControlPlane.Simulation.Workers;

namespace ControlPlane.Simulation;

/// <summary>Everything that there is in one run. Made anew for each: nothing is shared between runs, nor between nodes except through the network.</summary>
internal sealed class World
{
    private readonly Action<string>? _timeline;

    public World(ulong seed, SimulationKnobs knobs, Action<string>? timeline)
    {
        (Knobs, _timeline) = (knobs, timeline);
        Draws = new Draws(seed);
        Agenda = new Agenda(Draws.Stream("tie"));
        Ledger = new CommittedLedger(this);
        Network = new PeerNetwork(this, knobs.Nodes);
        Journal = new JournalId(Draws.Stream("journal").Identifier());
        Nodes = [.. Enumerable.Range(0, knobs.Nodes).Select(i => new SimulatedNode(this, i, Journal))];
        Founders = [.. Nodes.Select(node => node.Replica)];
        Calls = new CallNetwork(this);
        Workers = [.. Enumerable.Range(0, knobs.Workload == Workload.Leases ? knobs.Workers : 0).Select(i => new SimulatedWorker(this, i))];
    }

    public SimulationKnobs Knobs { get; }

    public Draws Draws { get; }

    public Agenda Agenda { get; }

    public JournalId Journal { get; }

    public PeerNetwork Network { get; }

    public CallNetwork Calls { get; }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public IReadOnlyList<ReplicaId> Founders { get; }

    public IReadOnlyList<SimulatedWorker> Workers { get; }

    public CommittedLedger Ledger { get; }

    public GateWatch Gates { get; } = new();

    public CoverageMarks Coverage { get; } = new();

    public DeterminismGuard Guard { get; } = new();

    /// <summary>Operations that clients have brought to an end.</summary>
    public long Operations { get; set; }

    /// <summary>The node that reigns in the newest reign that anybody leads, if any.</summary>
    public SimulatedNode? Leader
    {
        get
        {
            SimulatedNode? leader = null;
            foreach (var node in Nodes)
            {
                if (node.Process is { Leads: true } process
                    && (leader is null || process.Node.Reign!.Value.Epoch > leader.Process!.Node.Reign!.Value.Epoch))
                {
                    leader = node;
                }
            }

            return leader;
        }
    }

    /// <summary>True if somebody reads the timeline.</summary>
    public bool IsTold => _timeline is not null;

    public void Note(Happening what, int who, ulong detail)
    {
        Guard.Fold(Agenda.Now, what, who, detail);
        _timeline?.Invoke($"{Durations.Show(Agenda.Now)} #{Guard.Events} {what} {who} {detail:x}");
    }

    /// <summary>A line for people; nothing of it goes into the hash.</summary>
    public void Tell(Func<string> line) => _timeline?.Invoke($"{Durations.Show(Agenda.Now)}   {line()}");
}
