using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>What a dry run takes note of while the ordinary selection code decides.</summary>
internal sealed class Inspection(bool assumeConnected)
{
    /// <summary>Take every worker as connected: connections of a past state are not known.</summary>
    public bool AssumeConnected { get; } = assumeConnected;

    public FilterTally Sandboxes { get; } = new();

    public FilterTally Workers { get; } = new();

    public List<CandidateScore> Candidates { get; } = [];
}

/// <summary>How many candidates were looked at, and what removed the others.</summary>
internal sealed class FilterTally
{
    private readonly SortedDictionary<string, int> removed = new(StringComparer.Ordinal);

    public int Considered { get; private set; }

    public void Count(Filter filter, int times = 1) => Count(FilterNames.Of(filter), times);

    public void Count(string? filter, int times)
    {
        Considered += times;
        if (filter is not null && times > 0)
        {
            removed[filter] = removed.GetValueOrDefault(filter) + times;
        }
    }

    public FilterCount[] Removed() => [.. removed.Select(pair => new FilterCount(pair.Key, pair.Value))];
}
