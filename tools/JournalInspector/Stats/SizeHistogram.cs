namespace ControlPlane.JournalInspector.Stats;

/// <summary>Counts sizes exactly; there are no more different ones than an entry may have bytes.</summary>
internal sealed class SizeHistogram
{
    private readonly SortedDictionary<int, long> _counts = [];

    public long Count { get; private set; }

    public long Sum { get; private set; }

    public int Max { get; private set; }

    public void Add(int bytes)
    {
        _counts[bytes] = _counts.GetValueOrDefault(bytes) + 1;
        Count++;
        Sum += bytes;
        Max = Math.Max(Max, bytes);
    }

    /// <summary>The smallest size that at least <paramref name="fraction"/> of all do not exceed; zero if there are none.</summary>
    public int Percentile(double fraction)
    {
        var wanted = (long)Math.Ceiling(fraction * Count);
        var seen = 0L;
        foreach (var (bytes, count) in _counts)
        {
            seen += count;
            if (seen >= wanted)
            {
                return bytes;
            }
        }

        return 0;
    }
}
