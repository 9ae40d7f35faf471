namespace ControlPlane.Server.Configuration;

/// <summary>The keys of a node that is one of several.</summary>
public static class ClusterKeys
{
    /// <summary>Most nodes of a cluster: each one more is one more copy of every entry.</summary>
    public const int NodesMax = 9;

    /// <summary>The installation's name.</summary>
    public static ConfigurationKey Name { get; } = new(
        "Cluster:Name", "", "Name of the installation; setting it makes this node one of several. It can never be changed: the journals' identities are made of it.");

    /// <summary>Who is in it.</summary>
    public static ConfigurationKey Nodes { get; } = new(
        "Cluster:Nodes",
        "",
        "Every node of the cluster, this one (by its `Name`) included, as `NAME=HOST:PORT` with the port for peers; the same list in the same order at each node. The first founds the cluster once all can be reached and hold nothing.",
        IsList: true);

    /// <summary>Where peers are accepted.</summary>
    public static ConfigurationKey Listen { get; } = new(
        "Cluster:Listen",
        "",
        "Address and port that the other nodes are accepted on. Default: this node's entry of `Cluster:Nodes` if its host is an address, else `0.0.0.0` with its port. Without TLS: loopback only.");

    /// <summary>What clients are told.</summary>
    public static ConfigurationKey ClientAddress { get; } = new(
        "Cluster:ClientAddress", "", "Where clients reach this node, for those who ask a node that does not lead; default: `https://` (with TLS) or `http://` and `Listen`.");

    /// <summary>Which register.</summary>
    public static ConfigurationKey Register { get; } = new(
        "Cluster:Register", "quorum", "Where it is written who leads: `quorum` (at the nodes themselves) or `etcd`.");

    /// <summary>Where etcd is.</summary>
    public static ConfigurationKey Etcd { get; } = new(
        "Cluster:Etcd", "", "Addresses of etcd's members, for the register `etcd`.", IsList: true);

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } = [Name, Nodes, Listen, ClientAddress, Register, Etcd];
}
