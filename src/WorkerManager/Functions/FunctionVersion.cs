using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>One deployment of a function.</summary>
public sealed class FunctionVersion : Positioned<FunctionVersion>, IStateRecord, ITimed
{
    private readonly int[] counts = new int[Enum.GetValues<SandboxStanding>().Length];

    internal FunctionVersion(SequenceNumber position, FunctionFamily family, uint version, FunctionDefinition definition)
        : base(position)
    {
        Family = family;
        Version = version;
        Definition = definition;
    }

    /// <summary>What was deployed.</summary>
    public FunctionDefinition Definition { get; }

    /// <summary>From 1.</summary>
    public uint Version { get; }

    /// <summary>All versions of the name.</summary>
    public FunctionFamily Family { get; }

    /// <summary>True if it takes new leases.</summary>
    public bool IsCurrent => ReferenceEquals(Family.Current, this);

    /// <summary>Slots taken, in any standing.</summary>
    public int SandboxCount { get; internal set; }

    /// <summary>Free sandboxes, most recently used first. Derived.</summary>
    internal SandboxChain Free { get; } = new();

    /// <summary>Sandboxes that boot for nobody in particular, newest first. Derived.</summary>
    internal SandboxChain Starting { get; } = new();

    /// <summary>Requests that wait (soft).</summary>
    internal WaitQueue Waiting { get; } = new();

    /// <summary>True while it stands in the list of functions to look after (soft).</summary>
    internal bool IsTouched { get; set; }

    /// <summary>True while it waits for its turn to be refilled (soft).</summary>
    internal bool AwaitsRefill { get; set; }

    JournalTime ITimed.Due { get; set; }

    int ITimed.TimerSlot { get; set; }

    RecordKind IStateRecord.Kind => RecordKind.Function;

    /// <summary>Sandboxes in a standing.</summary>
    public int Count(SandboxStanding standing) => counts[(int)standing];

    internal void Add(SandboxStanding standing, int change)
    {
        counts[(int)standing] += change;
        Invariant.Check(counts[(int)standing] >= 0, "counts of sandboxes are never negative");
    }

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt64(Position.Value);
        writer.UInt32(Version);
        writer.Text(Definition.Name.Value);
        writer.Texts(Definition.Command);
        writer.Text(Definition.CodePath);
        writer.Pairs(Definition.Environment);
        writer.UInt32(Definition.MemoryMib);
        writer.Duration(Definition.Timeout);
        writer.UInt32(Definition.ReservedConcurrency);
        writer.UInt32(Definition.WarmTarget);
        writer.Duration(Definition.IdleTimeout);
    }

    internal static FunctionVersion Read(ref CanonicalReader reader, FunctionTable table)
    {
        var position = new SequenceNumber(reader.UInt64());
        var version = reader.UInt32();
        var definition = new FunctionDefinition
        {
            Name = FunctionName.Create(reader.Text()),
            Command = reader.Texts(),
            CodePath = reader.Text(),
            Environment = reader.Pairs(),
            MemoryMib = reader.UInt32(),
            Timeout = reader.Duration(),
            ReservedConcurrency = reader.UInt32(),
            WarmTarget = reader.UInt32(),
            IdleTimeout = reader.Duration(),
        };
        return table.TryGetFamily(definition.Name, out var family)
            ? new FunctionVersion(position, family, version, definition)
            : throw reader.Damaged("a function version without its name");
    }
}
