namespace ControlPlane.Simulation.Coverage;

/// <summary>Named counters of what a run has come to: a simulator that never meets a situation says nothing about it.</summary>
public sealed class CoverageMarks
{
    private readonly SortedDictionary<string, long> _hits = new(StringComparer.Ordinal);

    /// <summary>How often each mark was hit, by name.</summary>
    public IReadOnlyDictionary<string, long> Hits => _hits;

    /// <summary>Counts a hit.</summary>
    public void Hit(string mark, long times = 1) => _hits[mark] = _hits.GetValueOrDefault(mark) + times;

    /// <summary>Adds what another run has hit.</summary>
    public void Add(CoverageMarks other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (mark, times) in other._hits)
        {
            Hit(mark, times);
        }
    }
}
