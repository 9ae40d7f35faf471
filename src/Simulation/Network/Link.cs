using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Network;

/// <summary>One direction between two nodes, and its weather: the faults that lie over it at the moment.</summary>
internal sealed class Link(Draws draws, int from, int to, int count)
{
    private readonly List<Fault> _weather = [];

    public DrawStream Delays { get; } = draws.Stream("delay", (from * count) + to);

    public DrawStream Losses { get; } = draws.Stream("loss", (from * count) + to);

    public DrawStream Repetitions { get; } = draws.Stream("repetition", (from * count) + to);

    public DrawStream Overtakings { get; } = draws.Stream("overtaking", (from * count) + to);

    /// <summary>Of the connection: messages of an earlier one never arrive.</summary>
    public int Connection { get; set; }

    /// <summary>When the last message in order arrives.</summary>
    public long LastArrival { get; set; }

    /// <summary>Nothing passes.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Nothing arrives before this.</summary>
    public long CloggedUntil { get; private set; }

    public long ExtraDelay { get; private set; }

    public int LossPermille { get; private set; }

    public int RepetitionPermille { get; private set; }

    public int OvertakingPermille { get; private set; }

    public void Begin(Fault fault)
    {
        _weather.Add(fault);
        Look();
    }

    public void End(Fault fault)
    {
        _weather.Remove(fault);
        Look();
    }

    private void Look()
    {
        (IsCut, CloggedUntil, ExtraDelay, LossPermille, RepetitionPermille, OvertakingPermille) = (false, 0, 0, 0, 0, 0);
        foreach (var fault in _weather)
        {
            switch (fault.Kind)
            {
                case FaultKind.Clog:
                    CloggedUntil = Math.Max(CloggedUntil, fault.At + fault.Duration);
                    break;
                case FaultKind.Delay:
                    ExtraDelay += fault.Amount * Time.Durations.Microsecond;
                    break;
                case FaultKind.Loss:
                    LossPermille = Math.Max(LossPermille, (int)fault.Amount);
                    break;
                case FaultKind.Duplication:
                    RepetitionPermille = Math.Max(RepetitionPermille, (int)fault.Amount);
                    break;
                case FaultKind.Reordering:
                    OvertakingPermille = Math.Max(OvertakingPermille, (int)fault.Amount);
                    break;
                default:
                    IsCut = true;
                    break;
            }
        }
    }
}
