using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Commands;

/// <summary>What a worker says when it connects.</summary>
/// <param name="Name">Stable over restarts.</param>
/// <param name="Incarnation">New at each start of the agent.</param>
/// <param name="Zone">May be empty.</param>
/// <param name="Labels">In ordinal order of their names.</param>
/// <param name="CapacityMemoryMib">Hard limit of placement.</param>
/// <param name="CapacitySandboxes">Most sandboxes at a time.</param>
/// <param name="Endpoint">Where callers invoke.</param>
/// <param name="Inventory">Everything it has.</param>
public sealed record WorkerHello(
    WorkerName Name,
    UInt128 Incarnation,
    string Zone,
    IReadOnlyList<KeyValuePair<string, string>> Labels,
    uint CapacityMemoryMib,
    uint CapacitySandboxes,
    string Endpoint,
    IReadOnlyList<InventoryItem> Inventory);

/// <summary>How a worker sees one of its sandboxes.</summary>
public enum InventoryState
{
    /// <summary>Its process has not asked for an event yet.</summary>
    Starting = 1,

    /// <summary>Booted.</summary>
    Ready = 2,

    /// <summary>Kept and not used: the plane did not know it.</summary>
    Quarantined = 3,
}

/// <summary>One sandbox that a worker has.</summary>
/// <param name="Sandbox">Which.</param>
/// <param name="State">As the worker sees it.</param>
/// <param name="HighestPosition">Highest position of a token or floor that the gate has seen for it.</param>
public readonly record struct InventoryItem(SandboxId Sandbox, InventoryState State, SequenceNumber HighestPosition);

/// <summary>A worker dialled in. Answered by <see cref="Effects.OpenSession"/> or <see cref="Effects.CloseSession"/>.</summary>
public sealed record WorkerConnected(SessionId Session, WorkerHello Hello) : Command;

/// <summary>A session's connection ended.</summary>
public sealed record WorkerDisconnected(SessionId Session) : Command;

/// <summary>The sandbox's runtime asked for its first event.</summary>
public sealed record SandboxBecameReady(SessionId Session, SandboxId Sandbox) : Command;

/// <summary>The sandbox's end was verified: no process of its group is left.</summary>
public sealed record SandboxDied(SessionId Session, SandboxId Sandbox, string Reason) : Command;

/// <summary>The gate saw the token used for the first time.</summary>
public sealed record GrantConfirmed(SessionId Session, SandboxId Sandbox, FencingToken Fence) : Command;

/// <summary>The gate refuses every token below <paramref name="Floor"/>, and no older use is left.</summary>
public sealed record FloorAcknowledged(SessionId Session, SandboxId Sandbox, SequenceNumber Floor) : Command;

/// <summary>Everything that the worker has, in answer to <see cref="Effects.RequestInventory"/>.</summary>
public sealed record InventoryReported(SessionId Session, IReadOnlyList<InventoryItem> Inventory) : Command;

/// <summary>Alive, and how busy. Soft state, never journaled.</summary>
/// <param name="Session">Whose.</param>
/// <param name="Cpu">Cores in use, summed.</param>
/// <param name="Cores">Cores that the machine has; 0 = not told.</param>
/// <param name="MemoryUsedMib">Of the machine.</param>
public sealed record Heartbeat(SessionId Session, double Cpu, double Cores, ulong MemoryUsedMib) : Command;
