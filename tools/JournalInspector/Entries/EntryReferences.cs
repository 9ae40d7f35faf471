using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Entries;

/// <summary>What an entry speaks about, by the positions that name things in a journal.</summary>
internal readonly record struct EntryReferences
{
    public ulong? Sandbox { get; init; }

    public ulong? Lease { get; init; }

    public ulong? Worker { get; init; }

    public ulong? Tenant { get; init; }

    public RequestId? Request { get; init; }

    /// <summary>The caller of an allocation.</summary>
    public ClientId? Client { get; init; }

    /// <summary>References of <paramref name="entry"/>, which stands at <paramref name="position"/> and is named by it if it creates something.</summary>
    public static EntryReferences Of(Entry entry, ulong position) => entry.KindCase switch
    {
        Entry.KindOneofCase.TenantAdded => new EntryReferences { Tenant = position },
        Entry.KindOneofCase.TenantLimitSet => new EntryReferences { Tenant = entry.TenantLimitSet.Tenant },
        Entry.KindOneofCase.WorkerRegistered => new EntryReferences { Worker = position },
        Entry.KindOneofCase.WorkerLost => new EntryReferences { Worker = entry.WorkerLost.Worker },
        Entry.KindOneofCase.WorkerCordoned => new EntryReferences { Worker = entry.WorkerCordoned.Worker },
        Entry.KindOneofCase.WorkerUncordoned => new EntryReferences { Worker = entry.WorkerUncordoned.Worker },
        Entry.KindOneofCase.WorkerDraining => new EntryReferences { Worker = entry.WorkerDraining.Worker },
        Entry.KindOneofCase.SandboxCreated => new EntryReferences { Sandbox = position, Worker = entry.SandboxCreated.Worker },
        Entry.KindOneofCase.SandboxReady => new EntryReferences { Sandbox = entry.SandboxReady.Sandbox },
        Entry.KindOneofCase.SandboxRetired => new EntryReferences { Sandbox = entry.SandboxRetired.Sandbox },
        Entry.KindOneofCase.SandboxDied => new EntryReferences { Sandbox = entry.SandboxDied.Sandbox },
        Entry.KindOneofCase.SandboxFenced => new EntryReferences { Sandbox = entry.SandboxFenced.Sandbox },
        Entry.KindOneofCase.SandboxQuarantined => new EntryReferences { Sandbox = entry.SandboxQuarantined.Sandbox },
        Entry.KindOneofCase.LeaseGranted => OfGrant(entry.LeaseGranted, position),
        Entry.KindOneofCase.LeaseConfirmed => new EntryReferences { Lease = entry.LeaseConfirmed.Lease },
        Entry.KindOneofCase.LeaseRenewed => new EntryReferences { Lease = entry.LeaseRenewed.Lease },
        Entry.KindOneofCase.LeaseReleased => new EntryReferences { Lease = entry.LeaseReleased.Lease },
        Entry.KindOneofCase.LeaseExpired => new EntryReferences { Lease = entry.LeaseExpired.Lease },
        _ => default,
    };

    private static EntryReferences OfGrant(LeaseGranted grant, ulong position) => new()
    {
        Lease = position,
        Sandbox = grant.Sandbox,
        Tenant = grant.Tenant,
        Request = new RequestId(new UInt128(grant.RequestHigh, grant.RequestLow)),
        Client = new ClientId(new UInt128(grant.ClientHigh, grant.ClientLow)),
    };
}
