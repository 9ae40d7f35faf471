using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>What a leader knows of a worker without the journal: its session, its last sign of life, its load. Soft.</summary>
internal sealed class WorkerLink(Worker worker) : ITimed
{
    /// <summary>The current registration.</summary>
    public Worker Worker { get; set; } = worker;

    /// <summary>Open, or null.</summary>
    public SessionId? Session { get; set; }

    public JournalTime LastHeard { get; set; }

    public LoadEstimate Cpu { get; } = new();

    public LoadEstimate Memory { get; } = new();

    /// <summary>Cores that the machine has; 0 = not told.</summary>
    public double Cores { get; set; }

    /// <summary>Sandboxes that it has and the plane does not know.</summary>
    public IReadOnlyList<SandboxId> Quarantined { get; set; } = [];

    /// <summary>When it is given up, unless heard from again.</summary>
    public JournalTime Due { get; set; }

    public int TimerSlot { get; set; }
}
