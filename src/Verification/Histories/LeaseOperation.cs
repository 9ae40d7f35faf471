using ControlPlane.Primitives;

namespace ControlPlane.Verification.Histories;

/// <summary>
/// One call of one client. Times are those of one monotonic clock that all clients of a history share, from any origin:
/// <see cref="Invoked"/> is read before anything is sent, <see cref="Completed"/> after the answer arrived or the client gave up.
/// </summary>
public abstract record LeaseOperation(TimeSpan Invoked, TimeSpan Completed, OperationOutcome Outcome)
{
    /// <summary>True if this call was over before <paramref name="other"/> began: the only order that clients can know.</summary>
    public bool Precedes(LeaseOperation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Completed < other.Invoked;
    }
}

/// <summary>An attempt to allocate. Attempts of one request share its id.</summary>
/// <param name="Invoked">Before sending.</param>
/// <param name="Completed">After the answer, or when given up.</param>
/// <param name="Outcome">What the client learned.</param>
/// <param name="Request">The caller's id.</param>
/// <param name="Leases">What was granted; empty unless the outcome is ok.</param>
/// <param name="Replayed">True if the answer said that an earlier attempt had been granted these leases.</param>
public sealed record AllocateOperation(
    TimeSpan Invoked, TimeSpan Completed, OperationOutcome Outcome, RequestId Request, IReadOnlyList<GrantedLease> Leases, bool Replayed)
    : LeaseOperation(Invoked, Completed, Outcome);

/// <summary>An attempt to extend a lease.</summary>
/// <param name="Invoked">Before sending.</param>
/// <param name="Completed">After the answer, or when given up.</param>
/// <param name="Outcome">What the client learned.</param>
/// <param name="Lease">Which.</param>
/// <param name="Ttl">The time to live that was asked for.</param>
public sealed record RenewOperation(TimeSpan Invoked, TimeSpan Completed, OperationOutcome Outcome, LeaseId Lease, TimeSpan Ttl)
    : LeaseOperation(Invoked, Completed, Outcome);

/// <summary>An attempt to give a lease back; a cancelled request counts as one for each of its leases.</summary>
/// <param name="Invoked">Before sending.</param>
/// <param name="Completed">After the answer, or when given up.</param>
/// <param name="Outcome">What the client learned.</param>
/// <param name="Lease">Which.</param>
public sealed record ReleaseOperation(TimeSpan Invoked, TimeSpan Completed, OperationOutcome Outcome, LeaseId Lease)
    : LeaseOperation(Invoked, Completed, Outcome);

/// <summary>An invocation at a worker's gate.</summary>
/// <param name="Invoked">Before sending.</param>
/// <param name="Completed">After the answer, or when given up.</param>
/// <param name="Outcome">What the client learned.</param>
/// <param name="Sandbox">Where.</param>
/// <param name="Fence">The token that was shown.</param>
public sealed record InvokeOperation(TimeSpan Invoked, TimeSpan Completed, OperationOutcome Outcome, SandboxId Sandbox, FencingToken Fence)
    : LeaseOperation(Invoked, Completed, Outcome);

/// <summary>A complete list of the leases that the plane says are held, read at some time between the two stamps.</summary>
/// <param name="Invoked">Before sending.</param>
/// <param name="Completed">After the last page.</param>
/// <param name="Held">All of them, of every client in the history.</param>
public sealed record ListOperation(TimeSpan Invoked, TimeSpan Completed, IReadOnlyList<GrantedLease> Held)
    : LeaseOperation(Invoked, Completed, OperationOutcome.Ok);
