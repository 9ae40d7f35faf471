using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>The tables of one partition. Only the core changes them; others read them between steps.</summary>
public sealed class PartitionState
{
    private readonly List<FunctionVersion> touched = [];

    internal PartitionState(PartitionId partition)
    {
        Partition = partition;
        Sandboxes = new SandboxTable(this);
        Hasher.Add(Header);
    }

    /// <summary>Which partition.</summary>
    public PartitionId Partition { get; }

    /// <summary>The position of the last applied entry.</summary>
    public SequenceNumber Applied { get; internal set; }

    /// <summary>The stamp of the last applied entry.</summary>
    public JournalTime Time { get; internal set; }

    /// <summary>The reign of the last leadership entry.</summary>
    public Epoch Epoch => Header.Epoch;

    /// <summary>The leader's name.</summary>
    public string Node => Header.Node;

    /// <summary>The rules in force.</summary>
    public Settings Settings => Header.Settings;

    /// <summary>Leases that are held.</summary>
    public int LeaseCount => Leases.HeldCount;

    /// <summary>Slots taken on workers.</summary>
    public int SandboxCount => Sandboxes.All.Count;

    /// <summary>Registered workers, lost ones included.</summary>
    public int WorkerCount => WorkerTable.All.Count;

    /// <summary>Function versions that take leases or still have sandboxes.</summary>
    public int FunctionCount => FunctionTable.Versions.Count;

    /// <summary>Tenants ever seen.</summary>
    public int TenantCount => Tenants.All.Count;

    /// <summary>Requests remembered, held and ended.</summary>
    public int RequestCount => Requests.Count;

    /// <summary>Requests that wait for a sandbox (soft state).</summary>
    public int WaitingCount { get; internal set; }

    internal PartitionHeader Header { get; } = new();

    internal StateHasher Hasher { get; } = new();

    internal TenantTable Tenants { get; } = new();

    internal FunctionTable FunctionTable { get; } = new();

    internal WorkerTable WorkerTable { get; } = new();

    internal SandboxTable Sandboxes { get; }

    internal RequestTable Requests { get; } = new();

    internal LeaseTable Leases { get; } = new();

    internal Affinity Affinity { get; } = new();

    /// <summary>Position of the last journaled state hash.</summary>
    internal SequenceNumber LastHashed { get; set; }

    /// <summary>A leader's timers (soft); empty while following.</summary>
    internal TimerQueue Timers { get; } = new();

    /// <summary>Function versions whose counts changed and which a leader has yet to look after (soft).</summary>
    internal IReadOnlyList<FunctionVersion> Touched => touched;

    /// <summary>Held leases after a position in order of their ids, with optional filters. Lazy: read between steps.</summary>
    public IEnumerable<LeaseView> HeldLeases(SequenceNumber after, TenantName? tenant = null, FunctionName? function = null)
    {
        foreach (var lease in Leases.All.After(after))
        {
            if (lease.IsHeld
                && (tenant is null || lease.Tenant.Name == tenant)
                && (function is null || lease.Sandbox!.Function.Definition.Name == function))
            {
                yield return StateViews.Of(this, lease, replayed: false);
            }
        }
    }

    /// <summary>Finds a lease, held or ended and still remembered.</summary>
    public bool TryGetLease(LeaseId id, [NotNullWhen(true)] out Lease? lease)
    {
        lease = null;
        return id.Partition == Partition && Leases.All.TryGet(id.Position, out lease);
    }

    /// <summary>Finds a sandbox that has not been verified dead.</summary>
    public bool TryGetSandbox(SandboxId id, [NotNullWhen(true)] out Sandbox? sandbox)
    {
        sandbox = null;
        return id.Partition == Partition && Sandboxes.All.TryGet(id.Position, out sandbox);
    }

    /// <summary>Current function versions in order of deployment; older ones with sandboxes too if <paramref name="allVersions"/>.</summary>
    public IEnumerable<FunctionView> Functions(bool allVersions) =>
        FunctionTable.Versions.Ascending().Where(version => allVersions || version.IsCurrent).Select(StateViews.Of);

    /// <summary>All registered workers in ordinal order of their names.</summary>
    public IEnumerable<WorkerView> Workers() => WorkerTable.Roster.Select(StateViews.Of);

    /// <summary>All tenants ever seen, in the order in which they came.</summary>
    public IEnumerable<Tenant> KnownTenants() => Tenants.All.Ascending();

    /// <summary>Sandboxes that have not been verified dead, in order of their ids. Lazy: read between steps.</summary>
    public IEnumerable<Sandbox> LiveSandboxes() => Sandboxes.All.Ascending();

    /// <summary>The limit that applies (0 = unlimited) and the use; false if the tenant was never seen.</summary>
    public bool TryGetTenantUse(TenantName name, out uint leaseLimit, out int inUse)
    {
        var found = Tenants.TryGet(name, out var tenant);
        leaseLimit = LimitOf(tenant);
        inUse = tenant?.InUse ?? 0;
        return found;
    }

    internal uint LimitOf(Tenant? tenant) =>
        tenant is { LeaseLimit: > 0 } ? tenant.LeaseLimit : Settings.DefaultTenantLeaseLimit;

    internal void Touch(FunctionVersion function)
    {
        if (!function.IsTouched)
        {
            function.IsTouched = true;
            touched.Add(function);
        }
    }

    internal void Untouch(int count)
    {
        for (var i = 0; i < count; i++)
        {
            touched[i].IsTouched = false;
        }

        touched.RemoveRange(0, count);
    }
}
