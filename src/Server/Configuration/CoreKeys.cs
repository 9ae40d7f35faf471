namespace ControlPlane.Server.Configuration;

/// <summary>The keys of the worker manager: how it leads, and the rules that a new partition begins with.</summary>
public static class CoreKeys
{
    /// <summary>Silence after which a worker is given up.</summary>
    public static ConfigurationKey WorkerLostAfterMs { get; } = new(
        "Workers:LostAfterMs", "15000", "Silence after which a worker is given up and its leases end, in milliseconds.");

    /// <summary>How often workers report.</summary>
    public static ConfigurationKey WorkerHeartbeatMs { get; } = new(
        "Workers:HeartbeatMs", "1000", "How often a worker reports, in milliseconds; a large fleet reports less often.");

    /// <summary>How fast warm targets are refilled.</summary>
    public static ConfigurationKey RefillPerSecond { get; } = new(
        "Refill:PerSecond", "20", "Sandboxes started per second, in all, to refill warm targets.");

    /// <summary>How many sandboxes a refill may start at once.</summary>
    public static ConfigurationKey RefillBurst { get; } = new(
        "Refill:Burst", "20", "Sandboxes that a refill may start at once after a quiet time.");

    /// <summary>Retention of request ids.</summary>
    public static ConfigurationKey RequestRetentionMs { get; } = new(
        "InitialSettings:RequestRetentionMs", "600000", "How long after the end of its leases a request id still answers a retry, in milliseconds.");

    /// <summary>Bound of the ended requests.</summary>
    public static ConfigurationKey EndedRequestsMax { get; } = new(
        "InitialSettings:EndedRequestsMax", "1000000", "Most ended requests remembered; the oldest go first.");

    /// <summary>Bound on clock drift.</summary>
    public static ConfigurationKey DriftPermille { get; } = new(
        "InitialSettings:DriftPermille", "20", "Bound on how far two clocks drift apart, in parts per thousand of a duration.");

    /// <summary>Limit of tenants without one of their own.</summary>
    public static ConfigurationKey DefaultTenantLeaseLimit { get; } = new(
        "InitialSettings:DefaultTenantLeaseLimit", "0", "Concurrent leases of a tenant that has no limit of its own; 0 = unlimited.");

    /// <summary>Limit of the partition.</summary>
    public static ConfigurationKey PartitionLeaseLimit { get; } = new(
        "InitialSettings:PartitionLeaseLimit", "0", "Concurrent leases of all tenants; reserved concurrency is carved out of it. 0 = unlimited.");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        WorkerLostAfterMs, WorkerHeartbeatMs, RefillPerSecond, RefillBurst,
        RequestRetentionMs, EndedRequestsMax, DriftPermille, DefaultTenantLeaseLimit, PartitionLeaseLimit,
    ];

    /// <summary>Reads them.</summary>
    internal static WorkerManager.CoreOptions Read(ConfigurationReader reader) => new()
    {
        LostAfter = reader.Milliseconds(WorkerLostAfterMs, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
        HeartbeatInterval = reader.Milliseconds(WorkerHeartbeatMs, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
        RefillPerSecond = reader.Integer(RefillPerSecond, 1, 10_000),
        RefillBurst = (int)reader.Integer(RefillBurst, 1, 10_000),
        InitialSettings = new WorkerManager.Settings(
            reader.Milliseconds(RequestRetentionMs, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            (uint)reader.Integer(EndedRequestsMax, 1_000, 10_000_000),
            (uint)reader.Integer(DriftPermille, 0, 200),
            (uint)reader.Integer(DefaultTenantLeaseLimit, 0, uint.MaxValue),
            (uint)reader.Integer(PartitionLeaseLimit, 0, uint.MaxValue)),
    };
}
