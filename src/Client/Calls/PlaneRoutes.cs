using System.Collections.Concurrent;
using System.Globalization;
using ControlPlane.Primitives;

namespace ControlPlane.Client;

/// <summary>
/// Whom to ask about what: each partition of the plane, and each journal, has a leader of its own. Into how many partitions the plane is divided is learnt from
/// refusals, so that a client of an undivided plane asks nothing beforehand; until then a call may go to a wrong node first, which costs a round trip.
/// </summary>
internal sealed class PlaneRoutes(IReadOnlyList<string> configured, bool tlsOnly)
{
    private readonly ConcurrentDictionary<PartitionId, PlaneAddresses> _partitions = new();
    private readonly ConcurrentDictionary<string, PlaneAddresses> _journals = new(StringComparer.Ordinal);
    private volatile PartitionMap _map = new(1);

    /// <summary>Which function belongs where, as far as the plane has told.</summary>
    public PartitionMap Map => _map;

    /// <summary>For a partition.</summary>
    public PlaneAddresses Of(PartitionId partition) => _partitions.GetOrAdd(partition, _ => new PlaneAddresses(configured, tlsOnly));

    /// <summary>For the partition of a function; of an ill-formed name any, which refuses it.</summary>
    public PlaneAddresses OfFunction(string function) => Of(FunctionName.TryCreate(function, out var name) ? _map.Of(name) : default);

    /// <summary>For a journal by its name or id.</summary>
    public PlaneAddresses OfJournal(string journal) => _journals.GetOrAdd(journal, _ => new PlaneAddresses(configured, tlsOnly));

    /// <summary>Takes in how many partitions there are, if a refusal tells it.</summary>
    public void Learn(ControlPlaneException refusal)
    {
        if (refusal.Metadata.TryGetValue("partitions", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            Learn(count);
        }
    }

    /// <summary>Takes in how many partitions there are; a number that no plane has is passed over.</summary>
    public void Learn(int count)
    {
        if (count is >= 1 and <= PartitionMap.CountMax && count != _map.Count)
        {
            _map = new PartitionMap(count);
        }
    }
}
