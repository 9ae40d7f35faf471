using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Cluster;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Peers;
using ControlPlane.Runtime.Registers;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>A node's part in its cluster: whom its journals are kept with, and how these are reached.</summary>
internal sealed class NodeCluster
{
    private readonly string _node;
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;

    public NodeCluster(string node, PartitionMap partitions, ClusterOptions options, TimeProvider time)
    {
        (_node, _options, _time) = (node, options, time);
        Id = ClusterIdentity.ClusterOf(options.Name, partitions);
        Router = new PeerRouter(Id, node, options.ClientAddress);
    }

    /// <summary>The installation.</summary>
    public ClusterId Id { get; }

    /// <summary>Where connections bring their messages.</summary>
    public PeerRouter Router { get; }

    /// <summary>With whom a journal is kept: one replica at each node. The <paramref name="number"/> of a partition spreads the first leaders over the nodes.</summary>
    public ReplicaGroup GroupOf(string journal, uint number) => new(ClusterIdentity.JournalOf(_options.Name, journal), Router, _options.Nodes.Count)
    {
        // One node founds, and leads first: two that did it at once, with different views of who is there, would get in each other's way for nothing.
        Founders = _options.Nodes[(int)(number % (uint)_options.Nodes.Count)].Node == _node ? [.. _options.Nodes.Select(node => node.Node)] : [],
        Register = _options.Register == RegisterKind.Etcd
            ? new EtcdConfigRegister(new EtcdRegisterOptions { Endpoints = _options.Etcd, Cluster = _options.Name, Journal = journal }, _time)
            : null,
    };

    /// <summary>Begins to dial the other nodes.</summary>
    public PeerMesh Dial(TlsSettings? tls, TimeProvider time, ILogger logger) => new(
        new PeerMeshOptions
        {
            Peers = [.. _options.Nodes.Where(node => node.Node != _node)],
            Tls = tls is null ? null : peer => tls.ClientOptions(peer.Host, ExpectedPeer.Replica(peer.Node)),
        },
        Router,
        time,
        logger);
}
