using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Stats;

/// <summary>The busiest second of journal time, by whole seconds since the Unix epoch. Journal time never goes back.</summary>
internal sealed class PeakRate
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private long _second = long.MinValue;
    private long _count;

    public long Peak { get; private set; }

    /// <summary>When it began.</summary>
    public JournalTime? At { get; private set; }

    public void Add(JournalTime time)
    {
        var second = time.Nanoseconds / NanosecondsPerSecond;
        _count = second == _second ? _count + 1 : 1;
        _second = second;
        if (_count > Peak)
        {
            Peak = _count;
            At = new JournalTime(second * NanosecondsPerSecond);
        }
    }
}
