using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>The timer of a worker's drain deadline.</summary>
internal sealed class DrainTimer(Worker worker) : ITimed
{
    public Worker Worker { get; } = worker;

    public JournalTime Due { get; set; }

    public int TimerSlot { get; set; }
}
