using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>An isolated slot on a worker.</summary>
public sealed class Sandbox : Positioned<Sandbox>, IStateRecord
{
    internal Sandbox(SequenceNumber position, Worker worker, FunctionVersion function)
        : base(position)
    {
        Worker = worker;
        Function = function;
        FreedPosition = position;
    }

    /// <summary>Its host's registration.</summary>
    public Worker Worker { get; internal set; }

    /// <summary>What runs in it.</summary>
    public FunctionVersion Function { get; }

    /// <summary>Where it stands.</summary>
    public SandboxStanding Standing { get; internal set; }

    /// <summary>True once its worker reported it ready.</summary>
    public bool Booted { get; internal set; }

    /// <summary>Highest position of a grant or floor: every new grant lies above it.</summary>
    public SequenceNumber HighestFence { get; internal set; }

    /// <summary>The entry that made it free last (its creation, before that): the order of free lists.</summary>
    public SequenceNumber FreedPosition { get; internal set; }

    /// <summary>The stamp of that entry.</summary>
    public JournalTime FreedAt { get; internal set; }

    /// <summary>Whose use counts it: its holder, and after the lease's end until the teardown is verified.</summary>
    public Tenant? ChargedTo { get; internal set; }

    /// <summary>Its only holder. Derived from leases.</summary>
    public Lease? Lease { get; internal set; }

    /// <summary>Place in its worker's list. Derived.</summary>
    internal int WorkerSlot { get; set; }

    internal Sandbox? ChainOlder { get; set; }

    internal Sandbox? ChainNewer { get; set; }

    /// <summary>The plan that has taken it, while a decision is being made (soft).</summary>
    internal ulong PlanStamp { get; set; }

    RecordKind IStateRecord.Kind => RecordKind.Sandbox;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt64(Position.Value);
        writer.UInt64(Worker.Position.Value);
        writer.UInt64(Function.Position.Value);
        writer.Byte((byte)Standing);
        writer.Bool(Booted);
        writer.UInt64(HighestFence.Value);
        writer.UInt64(FreedPosition.Value);
        writer.Int64(FreedAt.Nanoseconds);
        writer.UInt64(ChargedTo?.Position.Value ?? 0);
    }

    internal static Sandbox Read(ref CanonicalReader reader, PartitionState state)
    {
        var position = new SequenceNumber(reader.UInt64());
        var worker = state.WorkerTable.All.Get(reader.UInt64());
        var function = state.FunctionTable.Versions.Get(reader.UInt64());
        var standing = (SandboxStanding)reader.Byte();
        var sandbox = new Sandbox(position, worker, function)
        {
            Standing = Enum.IsDefined(standing) ? standing : throw reader.Damaged("a sandbox that stands nowhere"),
            Booted = reader.Bool(),
            HighestFence = new(reader.UInt64()),
            FreedPosition = new(reader.UInt64()),
            FreedAt = new(reader.Int64()),
        };
        var tenant = reader.UInt64();
        sandbox.ChargedTo = tenant == 0 ? null : state.Tenants.All.Get(tenant);
        return sandbox;
    }
}
