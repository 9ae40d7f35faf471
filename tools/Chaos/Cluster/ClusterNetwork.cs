using System.Net;
using ControlPlane.Links;

namespace ControlPlane.Chaos.Cluster;

/// <summary>
/// The network of a run: a relay for each node and each other that it dials, and one before each node for clients and workers. What is wrong with a
/// direction is whatever is wrong by all faults in force, so that the end of one fault does not heal another. Links that no fault of the scenario
/// can touch have no relay, and cost nothing.
/// </summary>
internal sealed class ClusterNetwork : IAsyncDisposable
{
    /// <summary>Clients and workers, as one end of a link.</summary>
    public const int Outside = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Dialler, int Dialled), LinkRelay> _relays = [];
    private readonly List<LinkFault> _faults = [];

    /// <param name="peers">Where each node accepts the others.</param>
    /// <param name="fronts">Where each node accepts clients and workers.</param>
    /// <param name="betweenNodes">Relays between nodes.</param>
    /// <param name="beforeNodes">Relays before nodes.</param>
    /// <param name="draw">Where chance comes from.</param>
    public ClusterNetwork(IReadOnlyList<IPEndPoint> peers, IReadOnlyList<IPEndPoint> fronts, bool betweenNodes, bool beforeNodes, Func<double> draw)
    {
        for (var node = 0; node < peers.Count; node++)
        {
            for (var other = 0; betweenNodes && other < peers.Count; other++)
            {
                if (node != other)
                {
                    _relays[(node, other)] = new LinkRelay(peers[other], peers[node].Address, draw);
                }
            }

            if (beforeNodes)
            {
                _relays[(Outside, node)] = new LinkRelay(fronts[node], draw: draw);
            }
        }
    }

    /// <summary>Where one finds another; null: without a relay.</summary>
    public IPEndPoint? Between(int dialler, int dialled) => _relays.GetValueOrDefault((dialler, dialled))?.Address;

    /// <summary>From now on it is so.</summary>
    public void Strike(LinkFault fault)
    {
        lock (_lock)
        {
            _faults.Add(fault);
            Apply();
        }
    }

    /// <summary>From now on it is not so any more; no effect if it was not.</summary>
    public void Heal(LinkFault fault)
    {
        lock (_lock)
        {
            _faults.Remove(fault);
            Apply();
        }
    }

    /// <summary>Everything is whole.</summary>
    public void HealAll()
    {
        lock (_lock)
        {
            _faults.Clear();
            Apply();
        }
    }

    /// <summary>Resets the connections of some links; how many there were.</summary>
    public int Reset(Func<int, int, bool> hits) =>
        _relays.Where(link => hits(link.Key.Dialler, link.Key.Dialled)).Sum(link => link.Value.Reset());

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }
    }

    private void Apply()
    {
        foreach (var ((dialler, dialled), relay) in _relays)
        {
            relay.Onward.State = StateOf(dialler, dialled);
            relay.Back.State = StateOf(dialled, dialler);
        }
    }

    private LinkState StateOf(int speaker, int hearer) =>
        _faults.Where(fault => fault.Hits(speaker, hearer)).Aggregate(LinkState.Whole, (state, fault) => state.And(fault.State));
}
