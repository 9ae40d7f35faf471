namespace ControlPlane.Server.Configuration;

/// <summary>Every key that a node understands, once. What is not here is refused at start: a misspelt key must not silently mean the default.</summary>
public static class NodeKeys
{
    /// <summary>The node's name.</summary>
    public static ConfigurationKey Name { get; } = new(
        "Name", "node-1", "Name of this node, for people: it stands in the journal beside each reign and in `cpctl status`.");

    /// <summary>Where the node listens.</summary>
    public static ConfigurationKey Listen { get; } = new(
        "Listen", "127.0.0.1:7070", "Address and port of the gRPC services; port 0 lets the system choose one. Without TLS: loopback only.");

    /// <summary>Where the journals are kept.</summary>
    public static ConfigurationKey DataDirectory { get; } = new(
        "DataDirectory", "data", "Directory of the journals; made if it is not there. One process at a time.");

    /// <summary>Whether there is a worker manager.</summary>
    public static ConfigurationKey WorkerManager { get; } = new(
        "WorkerManager", "true", "`false`: the node keeps its `Journals` and serves nothing else, as `cpctl journal serve` does.");

    /// <summary>How the worker manager is divided.</summary>
    public static ConfigurationKey Partitions { get; } = new(
        "Partitions", "1", "Partitions of the worker manager, 1 to 64: each has a journal and a leader of its own and some of the functions, by their names. The same at each node, and never to be changed.");

    /// <summary>How often a snapshot is taken.</summary>
    public static ConfigurationKey SnapshotEveryEntries { get; } = new(
        "SnapshotEveryEntries", "200000", "A snapshot of the worker manager is written after this many entries; 0 = only when an operator asks.");

    /// <summary>How much of the past is kept.</summary>
    public static ConfigurationKey KeepEntries { get; } = new(
        "KeepEntries", "2000000", "Entries of the worker manager that are kept behind its newest snapshot, for `watch`, histories and nodes that come back; older ones are deleted once a majority has snapshots of them. 0 = nothing is ever deleted.");

    /// <summary>How long a stopping node waits.</summary>
    public static ConfigurationKey DrainTimeoutMs { get; } = new(
        "DrainTimeoutMs", "10000", "How long a stopping node lets calls in flight finish, in milliseconds.");

    /// <summary>The journals for general use.</summary>
    public static ConfigurationKey Journals { get; } = new(
        "Journals", "", "Names of the journals for general use (service Journal) that this node keeps.", IsList: true);

    /// <summary>Where telemetry goes.</summary>
    public static ConfigurationKey OtlpEndpoint { get; } = new(
        "OtlpEndpoint", "", "Address of an OpenTelemetry collector (OTLP over gRPC); metrics are sent only if it is set.");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [Name, Listen, DataDirectory, WorkerManager, Partitions, SnapshotEveryEntries, KeepEntries, DrainTimeoutMs, Journals, OtlpEndpoint, .. TransportKeys.All, .. ClusterKeys.All, .. CoreKeys.All];
}
