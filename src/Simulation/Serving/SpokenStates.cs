using ControlPlane.Primitives;
using ControlPlane.Simulation.Nodes;

namespace ControlPlane.Simulation.Serving;

/// <summary>The states that a leader has passed through and that are not committed yet: each is held against everybody else's once it is.</summary>
internal sealed class SpokenStates(NodeProcess process)
{
    private readonly Queue<(SequenceNumber Position, UInt128 Hash)> _states = [];

    public void Add(SequenceNumber position, UInt128 hash) => _states.Enqueue((position, hash));

    public void Release(SequenceNumber committed)
    {
        while (_states.TryPeek(out var state) && state.Position <= committed)
        {
            _states.Dequeue();
            process.World.Ledger.State(process, state.Position, state.Hash);
        }
    }

    public void Drop() => _states.Clear();
}
