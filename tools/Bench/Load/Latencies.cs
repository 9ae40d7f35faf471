using HdrHistogram;

namespace ControlPlane.Bench.Load;

/// <summary>Latencies of one kind of call, in microseconds, three significant digits, up to a minute. One writer at a time.</summary>
internal sealed class Latencies
{
    private const long HighestMicroseconds = 60_000_000;
    private readonly LongHistogram _histogram = new(HighestMicroseconds, 3);

    public long Count => _histogram.TotalCount;

    public void Record(TimeSpan latency) =>
        _histogram.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 0, HighestMicroseconds));

    public void Add(Latencies other) => _histogram.Add(other._histogram);

    public double At(double percentile) => Count == 0 ? 0 : _histogram.GetValueAtPercentile(percentile);
}
