using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// A time-bounded exclusive right to a sandbox. An ended one is kept as long as its request is remembered, so that a late
/// renewal or release is told what happened.
/// </summary>
public sealed class Lease : Positioned<Lease>, IStateRecord, ITimed
{
    internal Lease(SequenceNumber position)
        : base(position)
    {
    }

    /// <summary>The reign that granted it.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The request that asked for it.</summary>
    public required Request Request { get; init; }

    /// <summary>What is held; null once ended.</summary>
    public Sandbox? Sandbox { get; internal set; }

    /// <summary>Time to live, by the grant or the last renewal.</summary>
    public TimeSpan Ttl { get; internal set; }

    /// <summary>Zero = needs no confirmation.</summary>
    public TimeSpan ConfirmWithin { get; internal init; }

    /// <summary>Renewals so far.</summary>
    public uint RenewSequence { get; internal set; }

    /// <summary>True once it no longer goes back by itself.</summary>
    public bool Confirmed { get; internal set; }

    /// <summary>True if the sandbox was free and booted when granted.</summary>
    public bool Warm { get; internal init; }

    /// <summary>Why this sandbox.</summary>
    public ChoiceReason Reason { get; internal init; }

    /// <summary>How it ended; none while it is held.</summary>
    public LeaseEnd End { get; internal set; }

    /// <summary>True until it ends.</summary>
    public bool IsHeld => End == LeaseEnd.None;

    /// <summary>Who holds it.</summary>
    public Tenant Tenant => Request.Tenant;

    /// <summary>Its token.</summary>
    public FencingToken Fence
    {
        get
        {
#if MUTANTS
            if (Mutant.Is("token-reuse"))
            {
                return new(Epoch, Sandbox?.Position ?? Position);
            }
#endif
            return new(Epoch, Position);
        }
    }

    /// <summary>True once the gate reported its use, journaled or not (soft).</summary>
    internal bool SeenInUse { get; set; }

    /// <summary>When its time ran anew: granted, renewed, or taken over by this leader (soft).</summary>
    internal JournalTime RunsFrom { get; set; }

    /// <summary>The next of the same request.</summary>
    internal Lease? NextOfRequest { get; set; }

    JournalTime ITimed.Due { get; set; }

    int ITimed.TimerSlot { get; set; }

    RecordKind IStateRecord.Kind => RecordKind.Lease;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt64(Position.Value);
        writer.UInt64(Epoch.Value);
        writer.UInt128(Request.Id.Value);
        writer.UInt64(Sandbox?.Position.Value ?? 0);
        writer.Duration(Ttl);
        writer.Duration(ConfirmWithin);
        writer.UInt32(RenewSequence);
        writer.Bool(Confirmed);
        writer.Bool(Warm);
        writer.Byte((byte)Reason);
        writer.Byte((byte)End);
    }

    internal static Lease Read(ref CanonicalReader reader, PartitionState state)
    {
        var position = new SequenceNumber(reader.UInt64());
        var epoch = new Epoch(reader.UInt64());
        if (!state.Requests.TryGet(new RequestId(reader.UInt128()), out var request))
        {
            throw reader.Damaged("a lease without its request");
        }

        var sandbox = reader.UInt64();
        return new Lease(position)
        {
            Epoch = epoch,
            Request = request,
            Sandbox = sandbox == 0 ? null : state.Sandboxes.All.Get(sandbox),
            Ttl = reader.Duration(),
            ConfirmWithin = reader.Duration(),
            RenewSequence = reader.UInt32(),
            Confirmed = reader.Bool(),
            Warm = reader.Bool(),
            Reason = (ChoiceReason)reader.Byte(),
            End = (LeaseEnd)reader.Byte(),
        };
    }
}
