namespace ControlPlane.JournalInspector.Stats;

/// <summary>Counts entries and bytes for each of many names, in bounded memory: names that come when the table is full are counted together.</summary>
internal sealed class TopCounts(int namesMax)
{
    /// <summary>Where the names beyond the bound, and beyond the top, are gathered.</summary>
    public const string Others = "(others)";

    private readonly Dictionary<string, (long Entries, long Bytes)> _counts = [];

    public void Add(string name, int bytes)
    {
        var key = _counts.ContainsKey(name) || _counts.Count < namesMax ? name : Others;
        var (entries, sum) = _counts.GetValueOrDefault(key);
        _counts[key] = (entries + 1, sum + bytes);
    }

    /// <summary>The <paramref name="count"/> with the most entries, then the rest as one.</summary>
    public IReadOnlyList<StatsCount> Top(int count)
    {
        var ordered = _counts
            .Where(pair => pair.Key != Others)
            .OrderByDescending(pair => pair.Value.Entries)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new StatsCount(pair.Key, pair.Value.Entries, pair.Value.Bytes))
            .ToArray();
        var (entries, bytes) = _counts.GetValueOrDefault(Others);
        entries += ordered.Skip(count).Sum(item => item.Entries);
        bytes += ordered.Skip(count).Sum(item => item.Bytes);
        return entries == 0 ? ordered : [.. ordered.Take(count), new StatsCount(Others, entries, bytes)];
    }
}
