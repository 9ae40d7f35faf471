using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>Leases, in order of their ids; the position at which that is true, where there is one partition.</summary>
internal sealed record LeaseListView(ulong? Position, IReadOnlyList<LeaseView> Leases) : View
{
    public override IRenderable Render() => Layout.Table(
        ["LEASE", "FUNCTION", "SANDBOX", "WORKER", "TENANT", "TTL", "STATE", "REQUEST"],
        Leases.Select(l => new[]
        {
            l.Lease ?? l.Id, $"{l.Function} v{l.Version}", l.Sandbox, l.Worker, l.Tenant,
            Duration.FromMilliseconds(l.TtlMs).ToString(), l.State, l.RequestId,
        }),
        "no leases are held");
}
