using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>Reads a listing of leases page by page.</summary>
internal static class LeasePages
{
    private const uint PageMax = 1_000;

    /// <summary>Up to <paramref name="limit"/> leases. Pages are read one after another, so a lease that ends meanwhile may be missing from a later one.</summary>
    public static async Task<LeaseListView> ReadAsync(CommandContext context, string tenant, string function, int limit)
    {
        var leases = new List<LeaseView>();
        var partitions = (uint)(await context.Client.GetPartitionsAsync(context.Cancellation)).Partitions.Count;
        var request = new ListLeasesRequest { Tenant = tenant, Function = function };
        ulong position = 0;
        var more = true;
        while (more && leases.Count < limit)
        {
            request.Limit = Math.Min(PageMax, (uint)(limit - leases.Count));
            var page = await context.Client.ListLeasesAsync(request, context.Cancellation);
            leases.AddRange(page.Leases.Select(LeaseView.Of));
            position = page.Position;
            if (page.More)
            {
                request.After = page.Leases[^1].Id;
            }
            else
            {
                (request.After, request.Partition) = (null, request.Partition + 1);
                more = request.Partition < partitions;
            }
        }

        if (more)
        {
            context.Note($"more leases may be held; --limit {limit} shows the first");
        }

        return new LeaseListView(partitions == 1 ? position : null, leases);
    }

    /// <summary>One lease by its id, or null if it is not held.</summary>
    public static async Task<Lease?> FindAsync(CommandContext context, LeaseReference reference)
    {
        var wanted = reference.ToWire().Id;
        var request = new ListLeasesRequest
        {
            Tenant = context.Tenant,
            Partition = wanted.Partition,
            After = wanted.Position > 1 ? new LeaseId { Partition = wanted.Partition, Position = wanted.Position - 1 } : null,
            Limit = 1,
        };
        var page = await context.Client.ListLeasesAsync(request, context.Cancellation);
        return page.Leases.FirstOrDefault(lease => lease.Id.Equals(wanted));
    }
}
