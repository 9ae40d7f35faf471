using ControlPlane.Primitives;

namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>
/// One history of a cluster under faults, decided by a seed: messages lost, repeated, delayed and overtaken, links cut, nodes crashed between any two
/// storage calls, disks that lost entries, register answers lost, reigns handed over, replicas replaced. The cluster checks safety at each step.
/// </summary>
internal sealed class RandomHistory(ulong seed)
{
    private readonly SimulatedCluster _cluster = new(4, founders: 3) { EntriesPerMessage = 1 + (seed % 4) };
    private ulong _state = (seed * 0x9E3779B97F4A7C15UL) + 1;

    public SimulatedCluster Cluster => _cluster;

    public void Play(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Step();
        }
    }

    /// <summary>Everything is mended, and the journal must go on: somebody reigns, and everyone of the set holds what is committed.</summary>
    public void Heal()
    {
        _cluster.StorageCallsLeft = null;
        _cluster.Cut.Clear();
        foreach (var replica in _cluster.Replicas.Where(replica => replica.Node is null))
        {
            _cluster.Start(replica);
        }

        for (var i = 0; i < 200; i++)
        {
            _cluster.Pass(_cluster.Timings.Heartbeat);
            if (_cluster.Writer is { } writer)
            {
                _cluster.Run(writer, _ => writer.Append([1]));
                _cluster.Settle();
                _cluster.Pass(_cluster.Timings.Heartbeat * 3);
                if (Converged())
                {
                    return;
                }
            }
        }

        Assert.Fail($"seed {seed}: the journal does not go on");
    }

    /// <summary>Reigns are remembered here and nothing is trimmed: entries always do.</summary>
    public bool AskedForSnapshots => _cluster.Replicas.Any(replica => replica.SnapshotsWanted.Count > 0);

    private bool Converged() => _cluster.Replicas
        .Where(replica => _cluster.Configuration!.Current!.Replicas.Contains(replica.Id))
        .All(replica => replica.Node!.Committed.Value == (ulong)_cluster.Committed.Count && replica.Node.Promise.IsWhole);

    private void Step()
    {
        var next = _cluster.Next().ToArray();
        switch (Draw(200))
        {
            case < 90 when next.Length > 0:
                _cluster.Deliver(Pick(next));
                break;
            case < 94 when next.Length > 0:
                _cluster.Messages.Remove(Pick(next));
                break;
            case < 97 when next.Length > 0:
                _cluster.Deliver(Pick(next), keep: true);
                break;
            case < 100 when next.Length > 0:
                // Two nodes may be connected twice, and a message on the one connection overtakes those on the other.
                _cluster.Deliver(Pick(_cluster.Messages));
                break;
            case < 115 when _cluster.Answers.Count > 0:
                _cluster.Answer(Pick(_cluster.Answers), unknown: Draw(10) == 0);
                break;
            case < 150:
                _cluster.Now += TimeSpan.FromMilliseconds(Draw(120));
                var ticking = Any();
                _cluster.Run(ticking, node => node.Tick(ticking.Now));
                break;
            case < 180:
                Append();
                break;
            case < 184:
                Reconnect(Any().Id, Any().Id);
                break;
            case < 188:
                _cluster.Cut.Add((Any().Id, Any().Id));
                break;
            case < 191:
                _cluster.Cut.Clear();
                break;
            case < 193:
                Crash();
                break;
            case < 194:
                _cluster.StorageCallsLeft = Draw(4);
                break;
            case < 195:
                Bounce();
                break;
            case < 198:
                Restart();
                break;
            case < 199:
                HandOver();
                break;
            default:
                Damage();
                break;
        }
    }

    private void Append()
    {
        var replica = Any();
        if (replica.Node?.Sequencer is not null)
        {
            _cluster.Run(replica, _ => replica.Append([.. Enumerable.Range(0, 1 + Draw(3)).Select(_ => BitConverter.GetBytes(Random()))]), Draw(3));
        }
    }

    private void Reconnect(ReplicaId from, ReplicaId to)
    {
        _cluster.Messages.RemoveAll(message => message.From == from && message.To == to);
        _cluster.Run(_cluster[from], node => node.Gone(to, _cluster[from].Now));
        _cluster.Run(_cluster[from], node => node.Reached(to, _cluster[from].Now));
    }

    private void Crash()
    {
        var replica = Any();
        if (replica.Node is not null && _cluster.Replicas.Count(r => r.Node is not null) > 2)
        {
            replica.Crash(Draw(4));
        }
    }

    // Down and up again at once: whoever believed to know what it had promised talks to one that has only its disk.
    private void Bounce()
    {
        var replica = Any();
        if (replica.Node is not null)
        {
            replica.Crash(Draw(4));
            _cluster.Start(replica);
            foreach (var other in _cluster.Replicas.Where(other => other != replica))
            {
                Reconnect(other.Id, replica.Id);
            }
        }
    }

    private void Restart()
    {
        if (_cluster.Replicas.FirstOrDefault(r => r.Node is null) is { } down)
        {
            _cluster.Start(down);
        }
    }

    private void HandOver()
    {
        if (_cluster.Writer is not { } writer || _cluster.Configuration is not { Current: { } reign })
        {
            return;
        }

        var learner = _cluster.Replicas.Single(replica => !reign.Replicas.Contains(replica.Id));
        _cluster.Run(writer, node => node.AddLearner(learner.Id, writer.Now));
        var successor = Any().Id;
        var leaves = reign.Replicas.Where(id => id != successor).ElementAt(Draw(2));
        IReadOnlyList<ReplicaId> replaced = Draw(2) == 0 ? reign.Replicas : [.. reign.Replicas.Where(id => id != leaves), learner.Id];
        _cluster.Run(writer, node => node.TryHandOver(successor, replaced));
    }

    // One damaged disk at a time: more than a minority cannot be mended by anybody, and the journal rightly stops.
    private void Damage()
    {
        var down = _cluster.Replicas.FirstOrDefault(r => r.Node is null);
        if (down is not null && down.Held > 0 && _cluster.Replicas.All(r => r == down || r.Node is { Promise.IsWhole: true }))
        {
            down.LoseEntries(down.WholeAppendsIn(Draw(down.Held)));
        }
    }

    private SimulatedReplica Any() => _cluster.Replicas[Draw(_cluster.Replicas.Count)];

    private T Pick<T>(IReadOnlyList<T> from) => from[Draw(from.Count)];

    private int Draw(int below) => (int)(Random() % (ulong)below);

    // SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private ulong Random()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
