namespace ControlPlane.WorkerManager;

/// <summary>The journaled rules of a partition: a replay uses those of its time.</summary>
/// <param name="RequestRetention">How long after the end of its last lease a request id still answers, in journal time.</param>
/// <param name="EndedRequestsMax">Most ended requests remembered; the oldest go first.</param>
/// <param name="DriftPermille">Bound on how far two clocks drift apart, in parts per thousand of a duration.</param>
/// <param name="DefaultTenantLeaseLimit">For tenants without a limit of their own; 0 = unlimited.</param>
/// <param name="PartitionLeaseLimit">Concurrent leases in the partition; reserved concurrency is carved out of it. 0 = unlimited.</param>
public sealed record Settings(
    TimeSpan RequestRetention,
    uint EndedRequestsMax,
    uint DriftPermille,
    uint DefaultTenantLeaseLimit,
    uint PartitionLeaseLimit)
{
    /// <summary>Ten minutes and a million ended requests remembered, 2 % drift, no limits.</summary>
    public static Settings Default { get; } = new(TimeSpan.FromMinutes(10), 1_000_000, 20, 0, 0);

    /// <summary>How long after a grant or renewal the manager waits before it ends a lease of <paramref name="ttl"/>: TTL × (1 + drift).</summary>
    public TimeSpan WithDrift(TimeSpan ttl) => ttl + TimeSpan.FromTicks(ttl.Ticks / 1_000 * DriftPermille);
}
