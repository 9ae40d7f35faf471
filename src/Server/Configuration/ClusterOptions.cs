using System.Net;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Server.Configuration;

/// <summary>Where it is written which node leads a journal.</summary>
public enum RegisterKind
{
    /// <summary>At the nodes themselves, by a majority of them.</summary>
    Quorum,

    /// <summary>In etcd.</summary>
    Etcd,
}

/// <summary>The cluster that a node belongs to, checked.</summary>
public sealed record ClusterOptions
{
    /// <summary>Name of the installation; its identity is a hash of it, so it never changes.</summary>
    public required string Name { get; init; }

    /// <summary>Every node, this one included, in the order that all nodes are told; 1 to <see cref="ClusterKeys.NodesMax"/>, names and addresses distinct.</summary>
    public required IReadOnlyList<PeerAddress> Nodes { get; init; }

    /// <summary>Where the other nodes are accepted; without TLS on loopback only.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where clients reach this node: an http or https address without a path.</summary>
    public required string ClientAddress { get; init; }

    /// <summary>Which register the journals have.</summary>
    public RegisterKind Register { get; init; }

    /// <summary>Etcd's members; at least one for <see cref="RegisterKind.Etcd"/>, otherwise none.</summary>
    public IReadOnlyList<Uri> Etcd { get; init; } = [];
}
