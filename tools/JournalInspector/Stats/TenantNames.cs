using ControlPlane.JournalInspector.Entries;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Stats;

/// <summary>Whose lease an entry speaks about: leases are remembered while they are held, names for ever.</summary>
internal sealed class TenantNames
{
    private readonly Dictionary<ulong, string> _names = [];
    private readonly Dictionary<ulong, ulong> _tenantOfLease = [];

    /// <summary>The tenant of an entry, or null if it has none or it was named before the first kept entry.</summary>
    public string? See(DecodedEntry decoded)
    {
        if (decoded.Entry is not { } entry)
        {
            return null;
        }

        if (entry.TenantAdded is { } added)
        {
            _names[decoded.About.Tenant!.Value] = added.Name;
        }
        else if (entry.LeaseGranted is { } grant)
        {
            _tenantOfLease[decoded.About.Lease!.Value] = grant.Tenant;
        }

        var tenant = decoded.About.Tenant
            ?? (decoded.About.Lease is { } lease && _tenantOfLease.TryGetValue(lease, out var holder) ? holder : null);
        if (entry.KindCase is Entry.KindOneofCase.LeaseReleased or Entry.KindOneofCase.LeaseExpired)
        {
            _tenantOfLease.Remove(decoded.About.Lease!.Value);
        }

        return tenant is { } known ? _names.GetValueOrDefault(known, $"(tenant {known})") : null;
    }
}
