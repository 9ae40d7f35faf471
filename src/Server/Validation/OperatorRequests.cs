using ControlPlane.Protocol.V1;

namespace ControlPlane.Server.Validation;

/// <summary>What operators ask for, checked.</summary>
internal static class OperatorRequests
{
    /// <summary>Longest drain, in milliseconds.</summary>
    public const long DrainMsMax = 86_400_000;

    /// <summary>How long a drain lets leases finish.</summary>
    public static TimeSpan DrainDeadline(FieldChecks checks, DrainWorkerRequest request) =>
        checks.Milliseconds("deadline_ms", request.DeadlineMs, 0, DrainMsMax, TimeSpan.Zero);

    /// <summary>The journaled rules. They are set as a whole: zero is a value here, not "as before".</summary>
    public static WorkerManager.Settings Settings(FieldChecks checks, Settings settings)
    {
        checks.Require(settings.RequestRetentionMs != 0, "request_retention_ms", "0 ms is not in 1000 to 86400000");
        return new WorkerManager.Settings(
            checks.Milliseconds("request_retention_ms", settings.RequestRetentionMs, 1_000, 86_400_000, TimeSpan.FromSeconds(1)),
            checks.Range("ended_requests_max", settings.EndedRequestsMax, 1_000, 10_000_000),
            checks.Range("drift_permille", settings.DriftPermille, 0, 200),
            settings.DefaultTenantLeaseLimit,
            settings.PartitionLeaseLimit);
    }
}
