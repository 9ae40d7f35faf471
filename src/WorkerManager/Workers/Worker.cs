using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>A host, as registered for one incarnation.</summary>
public sealed class Worker : Positioned<Worker>, IStateRecord
{
    private readonly List<Sandbox> sandboxes = [];

    internal Worker(SequenceNumber position, WorkerName name)
        : base(position)
    {
        Name = name;
        Drain = new DrainTimer(this);
    }

    /// <summary>Stable over restarts.</summary>
    public WorkerName Name { get; }

    /// <summary>New at each start of the agent.</summary>
    public required UInt128 Incarnation { get; init; }

    /// <summary>May be empty.</summary>
    public required string Zone { get; init; }

    /// <summary>In ordinal order.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>Hard limit of placement.</summary>
    public required uint CapacityMemoryMib { get; init; }

    /// <summary>Most sandboxes at a time.</summary>
    public required uint CapacitySandboxes { get; init; }

    /// <summary>Where callers invoke.</summary>
    public required string Endpoint { get; init; }

    /// <summary>An operator's word; it outlives restarts of the worker.</summary>
    public WorkerStanding Orders { get; internal set; } = WorkerStanding.Ready;

    /// <summary>When a drain ends the leases that are still there.</summary>
    public JournalTime DrainDeadline { get; internal set; }

    /// <summary>True after too long a silence, until it registers again.</summary>
    public bool IsLost { get; internal set; }

    /// <summary>May it take something new, as far as the journal knows.</summary>
    public WorkerStanding Standing => IsLost ? WorkerStanding.Lost : Orders;

    /// <summary>Slots taken.</summary>
    public int SandboxCount => sandboxes.Count;

    /// <summary>Memory of the slots taken.</summary>
    public ulong MemoryCommittedMib { get; private set; }

    /// <summary>Its connection and load; null while nobody has spoken for it in this reign (soft).</summary>
    internal WorkerLink? Link { get; set; }

    internal DrainTimer Drain { get; }

    /// <summary>Slots taken by the plan with this stamp, while a decision is being made (soft).</summary>
    internal (ulong Stamp, int Slots, ulong MemoryMib) Planned { get; set; }

    /// <summary>True if it can be told of a grant now.</summary>
    internal bool IsConnected => Link?.Session is not null;

    /// <summary>True if something new may be put on it or leased on it.</summary>
    internal bool IsUsable => IsConnected && Standing == WorkerStanding.Ready;

    /// <summary>In no particular order; order before deciding by it.</summary>
    internal IReadOnlyList<Sandbox> Sandboxes => sandboxes;

    RecordKind IStateRecord.Kind => RecordKind.Worker;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt64(Position.Value);
        writer.Text(Name.Value);
        writer.UInt128(Incarnation);
        writer.Text(Zone);
        writer.Pairs(Labels);
        writer.UInt32(CapacityMemoryMib);
        writer.UInt32(CapacitySandboxes);
        writer.Text(Endpoint);
        writer.Byte((byte)Orders);
        writer.Int64(DrainDeadline.Nanoseconds);
        writer.Bool(IsLost);
    }

    internal static Worker Read(ref CanonicalReader reader) =>
        new(new(reader.UInt64()), WorkerName.Create(reader.Text()))
        {
            Incarnation = reader.UInt128(),
            Zone = reader.Text(),
            Labels = reader.Pairs(),
            CapacityMemoryMib = reader.UInt32(),
            CapacitySandboxes = reader.UInt32(),
            Endpoint = reader.Text(),
            Orders = (WorkerStanding)reader.Byte(),
            DrainDeadline = new(reader.Int64()),
            IsLost = reader.Bool(),
        };

    /// <summary>A copy in ascending order of position, so that nothing depends on the order of past removals.</summary>
    internal Sandbox[] SandboxesInOrder()
    {
        var copy = sandboxes.ToArray();
        Array.Sort(copy, static (left, right) => left.Position.CompareTo(right.Position));
        return copy;
    }

    internal void Add(Sandbox sandbox)
    {
        sandbox.WorkerSlot = sandboxes.Count;
        sandboxes.Add(sandbox);
        MemoryCommittedMib += sandbox.Function.Definition.MemoryMib;
    }

    internal void Remove(Sandbox sandbox)
    {
        Invariant.Check(ReferenceEquals(sandboxes[sandbox.WorkerSlot], sandbox), "a sandbox stands where it says");
        var last = sandboxes[^1];
        sandboxes[sandbox.WorkerSlot] = last;
        last.WorkerSlot = sandbox.WorkerSlot;
        sandboxes.RemoveAt(sandboxes.Count - 1);
        MemoryCommittedMib -= sandbox.Function.Definition.MemoryMib;
    }
}
