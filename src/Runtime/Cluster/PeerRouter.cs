using System.Collections.Immutable;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Cluster;

/// <summary>
/// Brings what arrives from other nodes to the replicas kept here, and knows on which connection each of theirs is reached: the one that this
/// node has dialled, or else one that it has accepted. Any thread.
/// </summary>
public sealed class PeerRouter(ClusterId cluster, string node, string clientAddress) : IPeerHandler
{
    private readonly Lock _gate = new();
    private readonly List<IPeerLink> _links = [];
    private ImmutableDictionary<JournalId, HostedReplica> _hosted = ImmutableDictionary<JournalId, HostedReplica>.Empty;
    private ImmutableDictionary<ReplicaId, IPeerLink> _routes = ImmutableDictionary<ReplicaId, IPeerLink>.Empty;

    /// <summary>This node's name.</summary>
    public string Node => node;

    /// <summary>Every node that is connected now, by what its newest connection says.</summary>
    public IReadOnlyCollection<NodeGreeting> Neighbours
    {
        get
        {
            lock (_gate)
            {
                return [.. _links.GroupBy(link => link.Peer.Node, StringComparer.Ordinal).Select(links => links.Last().Peer)];
            }
        }
    }

    /// <inheritdoc/>
    public NodeGreeting Greeting() => new(cluster, node, clientAddress, [.. _hosted.Values.Select(replica => replica.Greeting)]);

    /// <inheritdoc/>
    public void Connected(IPeerLink link) => Change(links => links.Add(link));

    /// <inheritdoc/>
    public void Disconnected(IPeerLink link) => Change(links => links.Remove(link));

    /// <inheritdoc/>
    public void Received(IPeerLink link, PeerBatch batch)
    {
        var shares = batch.Envelopes.GroupBy(envelope => envelope.Journal).ToList();
        var left = shares.Count;
        void Done()
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                batch.Dispose();
            }
        }

        foreach (var share in shares)
        {
            if (_hosted.TryGetValue(share.Key, out var replica))
            {
                replica.Receive(link, [.. share], Done);
            }
            else
            {
                Done();
            }
        }
    }

    /// <summary>The node of a replica that is connected; null if none says that it keeps it.</summary>
    internal NodeGreeting? NodeOf(ReplicaId replica) => _routes.GetValueOrDefault(replica)?.Peer;

    /// <summary>The replicas of a journal that connected nodes keep.</summary>
    internal IEnumerable<ReplicaId> ReplicasOf(JournalId journal) =>
        _routes.Where(route => route.Value.Peer.Replicas.Any(kept => kept.Journal == journal && kept.Replica == route.Key)).Select(route => route.Key);

    /// <summary>Sends without waiting; false: there is no way now, or it is full.</summary>
    internal bool TrySend(ReplicaId to, in PeerEnvelope envelope) => _routes.TryGetValue(to, out var link) && link.TrySend(envelope);

    /// <summary>Keeps a replica here. Connections that are open already do not know of it: host before anything is dialled or accepted.</summary>
    internal void Host(HostedReplica replica)
    {
        lock (_gate)
        {
            Invariant.Check(_links.Count == 0, "replicas are hosted before the first connection");
            _hosted = _hosted.Add(replica.Greeting.Journal, replica);
        }
    }

    private void Change(Action<List<IPeerLink>> change)
    {
        lock (_gate)
        {
            change(_links);
            var before = _routes;
            var routes = ImmutableDictionary.CreateBuilder<ReplicaId, IPeerLink>();
            foreach (var link in _links.OrderBy(link => link.IsDialled))
            {
                foreach (var kept in link.Peer.Replicas)
                {
                    routes[kept.Replica] = link;
                }
            }

            _routes = routes.ToImmutable();

            // Told within the lock, so that a replica hears of its peers in the order in which they came and went; it only posts.
            foreach (var (replica, link) in _routes.Where(route => before.GetValueOrDefault(route.Key) != route.Value))
            {
                Tell(replica, link, isReached: true);
            }

            foreach (var (replica, link) in before.Where(route => !_routes.ContainsKey(route.Key)))
            {
                Tell(replica, link, isReached: false);
            }
        }
    }

    private void Tell(ReplicaId replica, IPeerLink link, bool isReached)
    {
        foreach (var kept in link.Peer.Replicas.Where(kept => kept.Replica == replica))
        {
            if (_hosted.TryGetValue(kept.Journal, out var own))
            {
                own.PeerMoved(replica, isReached);
            }
        }
    }
}
