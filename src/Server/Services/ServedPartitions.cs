using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Server.Changes;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Validation;

namespace ControlPlane.Server.Services;

/// <summary>A partition of the worker manager as the services see it.</summary>
internal sealed class ServedPartition(PartitionHost host, PartitionMap map, TimeProvider time) : IDisposable
{
    /// <summary>The partition on this node.</summary>
    public PartitionHost Host { get; } = host;

    /// <summary>Calls that change or ask its state.</summary>
    public PartitionCalls Calls { get; } = new(host, map, time);

    /// <summary>Its states of the past.</summary>
    public PastStates Past { get; } = new(host);

    /// <summary>Names of what its journal holds no longer.</summary>
    public TrimmedNames Trimmed { get; } = new(host);

    /// <inheritdoc/>
    public void Dispose() => Past.Dispose();
}

/// <summary>All partitions of the worker manager on this node; none, and every question for one refused, if it keeps journals only. Each call asks exactly one of them.</summary>
internal sealed class ServedPartitions : IDisposable
{
    private readonly ServedPartition[] _all;

    public ServedPartitions(IReadOnlyList<PartitionHost> hosts, TimeProvider time)
    {
        Map = new PartitionMap(Math.Max(1, hosts.Count));
        _all = [.. hosts.Select(host => new ServedPartition(host, Map, time))];
    }

    /// <summary>Which function belongs where.</summary>
    public PartitionMap Map { get; }

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<ServedPartition> All => _all;

    /// <summary>The function's.</summary>
    public ServedPartition Of(FunctionName function) => Of(Map.Of(function));

    /// <summary>That of a lease or a sandbox. No partition of such a number: the first, which does not know it either and says so.</summary>
    public ServedPartition Of(PartitionId partition) =>
        _all.Length == 0 ? throw Refusals.NoWorkerManager() : _all[partition.Value < _all.Length ? partition.Value : 0];

    /// <summary>The one that a request names; a number that is none's is recorded as a fault.</summary>
    public ServedPartition Asked(FieldChecks checks, uint partition)
    {
        checks.Range("partition", partition, 0, (uint)Map.Count - 1);
        return Of(new PartitionId(partition));
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_all, partition => partition.Dispose());
}
