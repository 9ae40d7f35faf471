using System.Globalization;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>Refusals that more than one decision gives, worded once.</summary>
internal static class Refusals
{
    public static Rejection Overloaded(string what, int max, TimeSpan retryAfter) => new(
        RejectionReason.Overloaded,
        $"Too many {what}: at most {max}. Nothing was applied.",
        [new("what", what), new("max", Text(max)), RetryAfter(retryAfter)]);

    public static Rejection UnknownFunction(FunctionName name, uint version) => new(
        RejectionReason.UnknownFunction,
        version == 0 ? $"There is no function {name}." : $"Version {version} of {name} takes no leases: it was never deployed, was replaced, or was deleted.");

    public static Rejection UnknownWorker(WorkerName name) => new(RejectionReason.UnknownWorker, $"No worker {name} has ever registered.");

    public static Rejection Invalid(string field, string problem) => new(
        RejectionReason.InvalidField, $"{field}: {problem}.", [new("field", field)]);

    public static Rejection UnknownLease(LeaseId id) => new(
        RejectionReason.UnknownLease, $"There is no lease {id}: it was never granted to this tenant, or it ended long ago.");

    public static Rejection LeaseEnded(LeaseId id, LeaseEnd end) => new(
        RejectionReason.LeaseEnded, $"Lease {id} has ended: {Name(end)}.", [new("ended", Name(end))]);

    public static Rejection StaleFence(LeaseId id, FencingToken highest) => new(
        RejectionReason.StaleFence, $"The token is not the one that lease {id} was granted with.", [new("highest", highest.ToString())]);

    public static KeyValuePair<string, string> RetryAfter(TimeSpan retryAfter) =>
        new("retry_after_ms", Text((long)retryAfter.TotalMilliseconds));

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>How a lease ended, as callers read it.</summary>
    public static string Name(LeaseEnd end) => end switch
    {
        LeaseEnd.None => "held",
        LeaseEnd.Ttl => "ttl",
        LeaseEnd.Unconfirmed => "unconfirmed",
        LeaseEnd.Drained => "drained",
        LeaseEnd.Cancelled => "cancelled",
        LeaseEnd.Released => "released",
        LeaseEnd.SandboxDied => "sandbox_died",
        LeaseEnd.WorkerLost => "worker_lost",
        LeaseEnd.Quarantined => "quarantined",
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };
}
