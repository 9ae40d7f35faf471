namespace ControlPlane.WorkerManager;

/// <summary>Every bound of the worker manager's tables and queues, and what full means.</summary>
public static class Limits
{
    /// <summary>Requests that wait for a sandbox, in all. Full: OVERLOADED.</summary>
    public const int WaitersMax = 10_000;

    /// <summary>Requests of one tenant that wait. Full: OVERLOADED.</summary>
    public const int WaitersPerTenantMax = 1_000;

    /// <summary>Tenants ever seen. Full: a new tenant's request is OVERLOADED.</summary>
    public const int TenantsMax = 100_000;

    /// <summary>Function names ever deployed, and versions alive. Full: OVERLOADED.</summary>
    public const int FunctionsMax = 100_000;

    /// <summary>Worker names registered. Full: the session is closed with OVERLOADED.</summary>
    public const int WorkersMax = 10_000;

    /// <summary>Sandboxes on one worker; a larger capacity is cut to it. Keeps every step within one atomic append.</summary>
    public const int SandboxesPerWorkerMax = 400;

    /// <summary>Leases of one request, and of one batch.</summary>
    public const int LeasesPerRequestMax = 100;

    /// <summary>Priorities are 0 to 9.</summary>
    public const int PriorityMax = 9;

    /// <summary>Waiting requests served, sandboxes started or retired in one step; the rest follow in a step of its own.</summary>
    public const int FollowUpsPerStepMax = 100;

    /// <summary>Ended requests forgotten per entry, so that no entry costs more than this.</summary>
    public const int ForgottenPerEntryMax = 64;

    /// <summary>Free sandboxes looked at for one where the tenant already runs the function.</summary>
    public const int StickyScanMax = 16;

    /// <summary>Granted calls remembered for <see cref="Commands.CallerGone"/>; an older one's lease goes back by confirm_within or TTL.</summary>
    public const int RecentCallsMax = 4_096;

    /// <summary>Sandboxes of a worker that the plane does not know, remembered for operators.</summary>
    public const int QuarantinedPerWorkerMax = 1_024;
}
