#pragma warning disable CA1822 // Signatures first: the bodies of this skeleton follow.
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>The tables of one partition. Only the core changes them; others read them between steps.</summary>
public sealed class PartitionState
{
    internal PartitionState(PartitionId partition) => Partition = partition;

    /// <summary>Which partition.</summary>
    public PartitionId Partition { get; }

    /// <summary>The position of the last applied entry.</summary>
    public SequenceNumber Applied { get; internal set; }

    /// <summary>The stamp of the last applied entry.</summary>
    public JournalTime Time { get; internal set; }

    /// <summary>The reign of the last leadership entry.</summary>
    public Epoch Epoch { get; internal set; }

    /// <summary>The leader's name.</summary>
    public string Node { get; internal set; } = "";

    /// <summary>The rules in force.</summary>
    public Settings Settings { get; internal set; } = Settings.Default;

    /// <summary>Leases that are held.</summary>
    public int LeaseCount => 0;

    /// <summary>Slots taken on workers.</summary>
    public int SandboxCount => 0;

    /// <summary>Registered workers, lost ones included.</summary>
    public int WorkerCount => 0;

    /// <summary>Function versions.</summary>
    public int FunctionCount => 0;

    /// <summary>Tenants ever seen.</summary>
    public int TenantCount => 0;

    /// <summary>Requests that wait for a sandbox (soft state).</summary>
    public int WaitingCount => 0;

    /// <summary>Held leases after <paramref name="after"/> in order of their ids, with optional filters. Lazy: read between steps.</summary>
    public IEnumerable<LeaseView> HeldLeases(SequenceNumber after, TenantName? tenant = null, FunctionName? function = null) => [];

    /// <summary>Current function versions in order of deployment; older ones with sandboxes too if <paramref name="allVersions"/>.</summary>
    public IEnumerable<FunctionView> Functions(bool allVersions) => [];

    /// <summary>All registered workers by name.</summary>
    public IEnumerable<WorkerView> Workers() => [];

    /// <summary>The limit that applies (0 = unlimited) and the use; false if the tenant was never seen.</summary>
    public bool TryGetTenantUse(TenantName tenant, out uint leaseLimit, out int inUse)
    {
        leaseLimit = 0;
        inUse = 0;
        return false;
    }
}
