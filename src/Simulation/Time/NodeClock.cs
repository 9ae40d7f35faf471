using ControlPlane.Primitives;

namespace ControlPlane.Simulation.Time;

/// <summary>A node's clocks: one that only runs, fast or slow, and the wall clock, which besides may jump.</summary>
internal sealed class NodeClock(Agenda agenda, long offset)
{
    // Some day in 2027: stamps in timelines are recognisable as such.
    private const long Epoch = 1_800_000_000_000_000_000;

    private long _since;
    private long _running = offset;
    private long _jumped = -offset;

    /// <summary>Thousandths of true speed.</summary>
    public int RatePermille { get; private set; } = 1_000;

    /// <summary>Nanoseconds on the clock that only runs.</summary>
    public long Running => _running + ((agenda.Now - _since) * RatePermille / 1_000);

    /// <summary>What the wall clock shows.</summary>
    public JournalTime Wall => new(Epoch + Running + _jumped);

    /// <summary>The virtual time that passes while this clock runs for so long.</summary>
    public long TrueTimeOf(long running) => running * 1_000 / RatePermille;

    public void Run(int ratePermille)
    {
        _running = Running;
        _since = agenda.Now;
        RatePermille = ratePermille;
    }

    public void Jump(long by) => _jumped += by;
}
