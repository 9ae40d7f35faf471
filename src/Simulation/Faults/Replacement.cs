using ControlPlane.Primitives;
using ControlPlane.Replication.Nodes;
using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Faults;

/// <summary>
/// An operator who brings a wiped node in again, by the steps of <c>Runtime/Journals/ReplicaReplacing</c>: the new replica learns everything, gets the old
/// one's vote in the register, and the reign is handed over to the new set. Asked again from the beginning until it is done.
/// </summary>
internal sealed class Replacement(World world, Atlas atlas, SimulatedNode node, ReplicaId old)
{
    private const long LookInterval = 200 * Durations.Millisecond;
    private const ulong LagMax = 1_024;

    private readonly ReplicaId _joining = node.Replica;
    private bool _votesAsked;
    private bool _votesChanged;
    private NodeProcess? _asked;

    public void Begin() => world.Agenda.In(LookInterval, Look);

    private void Look()
    {
        if (world.Leader?.Process is { } leader)
        {
            if (leader.Node.Configuration is { } configuration && configuration.Value.Current!.Replicas.Contains(_joining))
            {
                world.Coverage.Hit("a replica was replaced");
                world.Note(Happening.Operator, node.Index, 3);
                atlas.Replaced(node.Index);
                return;
            }

            leader.Host.Post(Step);
        }

        world.Agenda.In(LookInterval, Look);
    }

    private void Step(NodeProcess leader)
    {
        if (!leader.Leads || leader.Node.Configuration is not { } configuration)
        {
            return;
        }

        var members = configuration.Value.Current!.Replicas;
        IReadOnlyList<ReplicaId> next = [.. members.Where(member => member != old), _joining];
        leader.Node.AddLearner(_joining, leader.Now);
        var learner = leader.Node.Peers.FirstOrDefault(peer => peer.Replica == _joining);
        if (learner is not { Standing: PeerStanding.Following, IsWhole: true } || learner.Durable.Plus(LagMax) < leader.Node.End.Last)
        {
            return;
        }

        if (_asked != leader)
        {
            (_asked, _votesAsked) = (leader, false);
        }

        if (_votesChanged)
        {
            world.Note(Happening.Operator, node.Index, 2);
            leader.BeginHandOver(next);
        }
        else if (!_votesAsked)
        {
            _votesAsked = true;
            world.Note(Happening.Operator, node.Index, 1);
            leader.Register.ChangeAcceptors(next, isDone => (_votesAsked, _votesChanged) = (isDone, isDone));
        }
    }
}
