using System.Net;
using ControlPlane.Links;

namespace ControlPlane.Cpctl;

/// <summary>Which half of what a node and the others say to each other is lost.</summary>
internal enum Loss
{
    /// <summary>What the node sends; what the others send to it arrives.</summary>
    OfWhatItSends,

    /// <summary>What is sent to the node; what it sends arrives.</summary>
    OfWhatItIsSent,
}

/// <summary>The network between the nodes of a local cluster, as far as it can be cut: a relay for each node and each other that it dials.</summary>
internal sealed class PeerRelays : IAsyncDisposable
{
    private readonly Dictionary<(int From, int To), LinkRelay> _relays = [];

    /// <summary>Begins to relay.</summary>
    /// <param name="nodes">Where each node accepts its peers.</param>
    public PeerRelays(IReadOnlyList<IPEndPoint> nodes)
    {
        for (var from = 0; from < nodes.Count; from++)
        {
            for (var to = 0; to < nodes.Count; to++)
            {
                if (from != to)
                {
                    _relays[(from, to)] = new LinkRelay(nodes[to]);
                }
            }
        }
    }

    /// <summary>Where one node finds another.</summary>
    public IPEndPoint Address(int from, int to) => Between(from, to).Address;

    /// <summary>What carries the connections that one node dials to another.</summary>
    internal LinkRelay Between(int from, int to) => _relays[(from, to)];

    /// <summary>From now on half of what <paramref name="node"/> and the others say to each other does not arrive, on whichever connection it is said.</summary>
    public void Cut(int node, Loss loss)
    {
        foreach (var ((from, to), relay) in _relays)
        {
            if (from == node)
            {
                (loss == Loss.OfWhatItSends ? relay.Onward : relay.Back).Close();
            }
            else if (to == node)
            {
                (loss == Loss.OfWhatItSends ? relay.Back : relay.Onward).Close();
            }
        }
    }

    /// <summary>Everything arrives again, and what did not, late.</summary>
    public void Heal()
    {
        foreach (var relay in _relays.Values)
        {
            relay.Onward.Open();
            relay.Back.Open();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }
    }
}
