using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Clients;

/// <summary>The way of callers to nodes: a call is taken or refused, its answer comes or is lost; a process that ends breaks the connections of those who wait.</summary>
internal sealed class CallNetwork(World world)
{
    private readonly DrawStream[] _delays = [.. Enumerable.Range(0, world.Knobs.Nodes).Select(i => world.Draws.Stream("call delay", i))];
    private readonly DrawStream[] _losses = [.. Enumerable.Range(0, world.Knobs.Nodes).Select(i => world.Draws.Stream("call loss", i))];
    private readonly List<OpenCall>[] _open = [.. Enumerable.Range(0, world.Knobs.Nodes).Select(_ => new List<OpenCall>())];

    /// <summary>How many of a thousand messages between callers and each node get lost.</summary>
    public int[] LossPermille { get; } = new int[world.Knobs.Nodes];

    /// <summary>Sends a call to a node.</summary>
    public OpenCall Send(int node, Question question, Action<CallAnswer> answered)
    {
        var call = new OpenCall(this, node, question, answered);
        if (IsLost(node))
        {
            return call;
        }

        world.Agenda.In(Delay(node), () =>
        {
            if (call.IsOver)
            {
                return;
            }

            if (world.Nodes[node].Process is null)
            {
                call.Hear(new CallAnswer.Unreachable());
                return;
            }

            _open[node].Add(call);
            world.Note(Happening.Asked, 100 + node, (ulong)_open[node].Count);
            world.Nodes[node].Post(process => process.Handle(call));
        });
        return call;
    }

    public void Return(OpenCall call, CallAnswer answer, long at)
    {
        _open[call.Node].Remove(call);
        if (!IsLost(call.Node))
        {
            world.Agenda.At(at + Delay(call.Node), () =>
            {
                world.Note(Happening.Answered, 100 + call.Node, (ulong)answer.GetType().Name.Length);
                call.Hear(answer);
            });
        }
    }

    /// <summary>The process of a node has ended: nobody who waits for it will hear from it.</summary>
    public void Broken(int node)
    {
        foreach (var call in _open[node])
        {
            world.Agenda.In(Delay(node), () => call.Hear(new CallAnswer.Unknown()));
        }

        _open[node].Clear();
    }

    private long Delay(int node) => _delays[node].Between(world.Knobs.LatencyUs, 2L * world.Knobs.LatencyUs) * Durations.Microsecond;

    private bool IsLost(int node)
    {
        if (LossPermille[node] == 0 || !_losses[node].Permille(LossPermille[node]))
        {
            return false;
        }

        world.Coverage.Hit("a call or its answer was lost");
        return true;
    }
}
