using ControlPlane.Client;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What an allocation got.</summary>
internal sealed record AllocatedView(string RequestId, IReadOnlyList<LeaseView> Leases) : View
{
    public static AllocatedView Of(IReadOnlyList<LeaseHandle> leases)
    {
        LeaseView[] views = [.. leases.Select(lease => LeaseView.Of(lease.Lease))];
        return new AllocatedView(views[0].RequestId, views);
    }

    public override IRenderable Render() =>
        Leases.Count == 1 ? Leases[0].Render() : new LeaseListView(Leases[0].CommitPosition, Leases).Render();
}
