using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>May a worker take something new?</summary>
public enum WorkerStanding
{
    /// <summary>Yes.</summary>
    Ready = 1,

    /// <summary>No; what runs goes on.</summary>
    Cordoned = 2,

    /// <summary>No; free sandboxes end, leases may finish until a deadline.</summary>
    Draining = 3,

    /// <summary>Silent for too long: its leases are over.</summary>
    Lost = 4,
}

/// <summary>A worker as operators see it; the last three and <paramref name="Connected"/> are soft state.</summary>
/// <param name="Name">Stable over restarts.</param>
/// <param name="Incarnation">New at each start of the agent.</param>
/// <param name="Registration">Position of its entry.</param>
/// <param name="Zone">May be empty.</param>
/// <param name="Labels">In ordinal order.</param>
/// <param name="CapacityMemoryMib">Hard limit.</param>
/// <param name="CapacitySandboxes">Most at a time.</param>
/// <param name="Endpoint">Where callers invoke.</param>
/// <param name="Standing">May it take something new.</param>
/// <param name="Sandboxes">Slots taken.</param>
/// <param name="Leases">Leases held on it.</param>
/// <param name="MemoryCommittedMib">Sum over its slots.</param>
/// <param name="Connected">True if its session is open.</param>
/// <param name="Cpu">Cores in use by its last heartbeat.</param>
/// <param name="MemoryUsedMib">By its last heartbeat.</param>
/// <param name="Quarantined">Sandboxes that it has and the plane does not know.</param>
public sealed record WorkerView(
    WorkerName Name,
    UInt128 Incarnation,
    SequenceNumber Registration,
    string Zone,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    uint CapacityMemoryMib,
    uint CapacitySandboxes,
    string Endpoint,
    WorkerStanding Standing,
    int Sandboxes,
    int Leases,
    ulong MemoryCommittedMib,
    bool Connected,
    double Cpu,
    ulong MemoryUsedMib,
    IReadOnlyList<SandboxId> Quarantined);
