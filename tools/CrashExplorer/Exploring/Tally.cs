using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>Counts of one workload and one kind. Any thread.</summary>
internal sealed class Tally(string workload, string kind)
{
    private readonly long[] _outcomes = new long[Enum.GetValues<Outcome>().Length];
    private long _images;
    private long _distinct;

    public string Workload { get; } = workload;

    public string Kind { get; } = kind;

    /// <summary>Images made.</summary>
    public long Images => Volatile.Read(ref _images);

    /// <summary>Of them, those that were not tried before, with the same knowledge.</summary>
    public long Distinct => Volatile.Read(ref _distinct);

    public long Openings => Enum.GetValues<Outcome>().Sum(outcome => Of(outcome));

    public long Of(Outcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    public void CountImage(bool isNew)
    {
        Interlocked.Increment(ref _images);
        if (isNew)
        {
            Interlocked.Increment(ref _distinct);
        }
    }

    public void Count(Outcome outcome) => Interlocked.Increment(ref _outcomes[(int)outcome]);
}
