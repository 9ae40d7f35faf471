using System.IO.Hashing;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Network;

/// <summary>
/// What the nodes say to each other. A message leaves as the bytes that production would send (<see cref="PeerMessageCodec"/>) and is decoded where
/// it arrives. Connections keep order, and break with whatever is on its way; weather on a link does the rest.
/// </summary>
internal sealed class PeerNetwork
{
    private const long ReconnectMin = 20 * Durations.Millisecond;
    private const long ReconnectMax = 300 * Durations.Millisecond;
    private const long RepetitionDelayMax = 3 * Durations.Second;

    private readonly World _world;
    private readonly Link[,] _links;
    private readonly bool[,] _connected;

    public PeerNetwork(World world, int nodes)
    {
        _world = world;
        _links = new Link[nodes, nodes];
        _connected = new bool[nodes, nodes];
        for (var from = 0; from < nodes; from++)
        {
            for (var to = 0; to < nodes; to++)
            {
                _links[from, to] = new Link(world.Draws, from, to, nodes);
            }
        }
    }

    public Link this[int from, int to] => _links[from, to];

    public bool AreConnected(int one, int other) => _connected[one, other];

    /// <summary>Sends to a replica; lost if there is no way to it now.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="envelope">The message.</param>
    /// <param name="at">When it leaves.</param>
    /// <returns>False if it was not taken.</returns>
    public bool Send(SimulatedNode from, ReplicaId to, in PeerEnvelope envelope, long at)
    {
        var receiver = SimulatedNode.IndexOf(to);
        if (!_connected[from.Index, receiver] || _world.Nodes[receiver].Replica != to)
        {
            return false;
        }

        var link = _links[from.Index, receiver];
        var bytes = new byte[PeerMessageCodec.ByteCount(envelope)];
        PeerMessageCodec.Encode(envelope, bytes);
        if (link.IsCut || (link.LossPermille > 0 && link.Losses.Permille(link.LossPermille)))
        {
            _world.Coverage.Hit(link.IsCut ? "message into a cut link" : "message lost");
            return true;
        }

        var latency = _world.Knobs.LatencyUs * Durations.Microsecond;
        var arrival = at + latency + (long)(link.Delays.Next() % (ulong)latency) + link.ExtraDelay;
        if (link.OvertakingPermille > 0 && link.Overtakings.Permille(link.OvertakingPermille))
        {
            _world.Coverage.Hit("message overtaken");
            arrival += link.Overtakings.Between(0, 50 * Durations.Millisecond);
        }
        else
        {
            arrival = Math.Max(Math.Max(arrival, link.CloggedUntil), link.LastArrival + 1);
            link.LastArrival = arrival;
        }

        if (_world.IsTold)
        {
            var message = envelope.Message;
            _world.Tell(() => $"{from.Name} to node-{receiver} at {Durations.Show(arrival)}: {message}");
        }

        Deliver(link, from, to, bytes, arrival);
        if (link.RepetitionPermille > 0 && link.Repetitions.Permille(link.RepetitionPermille))
        {
            _world.Coverage.Hit("message repeated");
            Deliver(link, from, to, bytes, arrival + link.Repetitions.Between(1, RepetitionDelayMax));
        }

        return true;
    }

    /// <summary>The connection breaks, with everything on its way; it is made again when both are there and the way is free.</summary>
    public void Break(int one, int other)
    {
        if (!_connected[one, other])
        {
            return;
        }

        (_connected[one, other], _connected[other, one]) = (false, false);
        _links[one, other].Connection++;
        _links[other, one].Connection++;
        Tell(one, other, isReached: false);
        Tell(other, one, isReached: false);
        Reconnect(one, other);
    }

    /// <summary>A node has come up: it is connected with whoever is there.</summary>
    public void Up(int node)
    {
        for (var other = 0; other < _world.Nodes.Count; other++)
        {
            if (other != node)
            {
                Connect(node, other);
            }
        }
    }

    /// <summary>A node is gone, and its connections with it.</summary>
    public void Down(int node)
    {
        for (var other = 0; other < _world.Nodes.Count; other++)
        {
            if (other != node)
            {
                Break(node, other);
            }
        }
    }

    private void Reconnect(int one, int other) =>
        _world.Agenda.In(_links[one, other].Delays.Between(ReconnectMin, ReconnectMax), () => Connect(one, other));

    private void Connect(int one, int other)
    {
        if (_connected[one, other] || _world.Nodes[one].Process is null || _world.Nodes[other].Process is null)
        {
            // Whoever comes up next connects.
            return;
        }

        if (_links[one, other].IsCut || _links[other, one].IsCut)
        {
            Reconnect(one, other);
            return;
        }

        (_connected[one, other], _connected[other, one]) = (true, true);
        Tell(one, other, isReached: true);
        Tell(other, one, isReached: true);
    }

    private void Tell(int node, int other, bool isReached)
    {
        var replica = _world.Nodes[other].Replica;
        _world.Note(isReached ? Happening.Reached : Happening.Gone, node, (ulong)other);
        _world.Nodes[node].Post(process => process.PeerMoved(replica, isReached));
    }

    private void Deliver(Link link, SimulatedNode from, ReplicaId to, byte[] bytes, long arrival)
    {
        var connection = link.Connection;
        _world.Agenda.At(arrival, () =>
        {
            var receiver = _world.Nodes[SimulatedNode.IndexOf(to)];
            if (connection != link.Connection || receiver.Replica != to)
            {
                _world.Coverage.Hit("message lost with its connection");
                return;
            }

            _world.Note(Happening.Message, (from.Index << 8) + receiver.Index, XxHash64.HashToUInt64(bytes));
            receiver.Post(process => process.Receive(bytes));
        });
    }
}
