using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Who holds leases, and how many it may hold.</summary>
public sealed class Tenant : Positioned<Tenant>, IStateRecord
{
    internal Tenant(SequenceNumber position, TenantName name)
        : base(position) => Name = name;

    /// <summary>Unique.</summary>
    public TenantName Name { get; }

    /// <summary>Its own limit; 0 = the default applies.</summary>
    public uint LeaseLimit { get; internal set; }

    /// <summary>Slots that count: held leases, and ended ones whose teardown is not verified yet. Derived from sandboxes.</summary>
    public int InUse { get; internal set; }

    RecordKind IStateRecord.Kind => RecordKind.Tenant;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt64(Position.Value);
        writer.Text(Name.Value);
        writer.UInt32(LeaseLimit);
    }

    internal static Tenant Read(ref CanonicalReader reader) =>
        new(new(reader.UInt64()), TenantName.Create(reader.Text())) { LeaseLimit = reader.UInt32() };
}
