using ControlPlane.Primitives;
using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Serving;

/// <summary>Journal time as <c>Runtime/JournalClock</c> makes it: the wall clock at the start of a reign, carried on by the clock that only runs.</summary>
internal readonly struct LeaderClock(SimulatedNode host, JournalTime last)
{
    private readonly JournalTime _start = JournalTime.Max(host.Clock.Wall, last);
    private readonly long _running = host.Clock.Running;

    public JournalTime Now
    {
        get
        {
#if MUTANTS
            if (Mutant.Is("wall-clock-expiry"))
            {
                return host.Clock.Wall;
            }
#endif
            return new JournalTime(_start.Nanoseconds + ((host.Clock.Running + host.Elapsed - _running) / Durations.Microsecond * Durations.Microsecond));
        }
    }
}
