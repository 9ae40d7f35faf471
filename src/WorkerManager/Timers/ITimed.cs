using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Something that a timer is set for. Timers are volatile: a new leader sets them anew.</summary>
internal interface ITimed
{
    /// <summary>When it is due; meaningful while <see cref="TimerSlot"/> is set.</summary>
    JournalTime Due { get; set; }

    /// <summary>Its place in the <see cref="TimerQueue"/>, from 1; 0 = not in it.</summary>
    int TimerSlot { get; set; }
}
