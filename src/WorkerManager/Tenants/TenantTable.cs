using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Tenants by position and by name.</summary>
internal sealed class TenantTable
{
    private readonly Dictionary<string, Tenant> byName = new(StringComparer.Ordinal);

    public PositionTable<Tenant> All { get; } = new();

    public bool TryGet(TenantName name, [NotNullWhen(true)] out Tenant? tenant) => byName.TryGetValue(name.Value, out tenant);

    public void Add(Tenant tenant)
    {
        All.Add(tenant);
        byName.Add(tenant.Name.Value, tenant);
    }
}
