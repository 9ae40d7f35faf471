using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Validation;

/// <summary>What Renew, Release and ListLeases take, checked. An item at fault is refused alone; the others are served.</summary>
internal static class LeaseRequests
{
    /// <summary>Most items of one Renew or Release.</summary>
    public const int ItemsMax = 1_000;

    /// <summary>Leases on a page if the caller does not say.</summary>
    public const int PageDefault = 100;

    /// <summary>Most leases on a page.</summary>
    public const int PageMax = 1_000;

    /// <summary>The good items with their places in the request, and what is wrong with the others.</summary>
    public static CheckedItems<RenewItem> Renew(FieldChecks checks, RenewRequest request)
    {
        var items = new CheckedItems<RenewItem>(request.Items.Count);
        for (var i = 0; checks.Count("items", request.Items.Count, 1, ItemsMax) && i < request.Items.Count; i++)
        {
            var item = request.Items[i];
            var itemChecks = new FieldChecks();
            itemChecks.Enter("items", i);
            var lease = Held(itemChecks, "lease", item.Lease);
            OfOnePartition(itemChecks, "lease", lease, items.Good.Count == 0 ? null : items.Good[0].Lease);
            var ttl = itemChecks.Milliseconds("ttl_ms", item.TtlMs, AllocateRequests.TtlMsMin, AllocateRequests.TtlMsMax, TimeSpan.Zero);
            items.Add(new RenewItem(lease, item.TtlMs == 0 ? null : ttl), itemChecks);
        }

        return items;
    }

    /// <summary>The good leases with their places in the request, and what is wrong with the others.</summary>
    public static CheckedItems<HeldLease> Release(FieldChecks checks, ReleaseRequest request)
    {
        var items = new CheckedItems<HeldLease>(request.Leases.Count);
        for (var i = 0; checks.Count("leases", request.Leases.Count, 1, ItemsMax) && i < request.Leases.Count; i++)
        {
            var itemChecks = new FieldChecks();
            itemChecks.Enter("leases", i);
            var lease = Held(itemChecks, request.Leases[i]);
            OfOnePartition(itemChecks, "id", lease, items.Good.Count == 0 ? null : items.Good[0]);
            items.Add(lease, itemChecks);
        }

        return items;
    }

    /// <summary>How many leases a page wants.</summary>
    public static int PageSize(FieldChecks checks, uint limit) =>
        limit == 0 ? PageDefault : (int)checks.Range("limit", limit, 1, PageMax);

    private static void OfOnePartition(FieldChecks checks, string field, HeldLease lease, HeldLease? first)
    {
        if (checks.AllGood && first is { } other && lease.Id.Partition != other.Id.Partition)
        {
            checks.Fail(field, $"is of partition {lease.Id.Partition}, and the first good item's of {other.Id.Partition}; one call asks one partition");
        }
    }

    private static HeldLease Held(FieldChecks checks, string field, LeaseRef? lease)
    {
        if (lease is null)
        {
            checks.Fail(field, "missing");
            return default;
        }

        checks.Enter(field);
        var held = Held(checks, lease);
        checks.Leave();
        return held;
    }

    private static HeldLease Held(FieldChecks checks, LeaseRef lease) =>
        new(checks.Lease("id", lease.Id), checks.Fence("fence", lease.Fence));
}
