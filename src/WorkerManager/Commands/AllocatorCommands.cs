using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Commands;

/// <summary>Answered by <see cref="Outcomes.Granted"/> or <see cref="Outcomes.Refused"/>.</summary>
public sealed record Allocate(CallId Call, AllocateRequest Request) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.BatchAnswered"/>, one outcome for each request.</summary>
/// <param name="Call">Whom to answer.</param>
/// <param name="Requests">At most <see cref="Limits.LeasesPerRequestMax"/> leases in all.</param>
/// <param name="Atomic">All or none; fail fast; one tenant.</param>
public sealed record AllocateBatch(CallId Call, IReadOnlyList<AllocateRequest> Requests, bool Atomic) : CallCommand(Call);

/// <summary>A lease with the token that only its holder knows.</summary>
public readonly record struct HeldLease(LeaseId Id, FencingToken Fence);

/// <summary>One renewal. A null <paramref name="Ttl"/> keeps the lease's own.</summary>
public readonly record struct RenewItem(HeldLease Lease, TimeSpan? Ttl);

/// <summary>Answered by <see cref="Outcomes.RenewAnswered"/>, one outcome for each item.</summary>
public sealed record Renew(CallId Call, TenantName Tenant, IReadOnlyList<RenewItem> Items) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.ReleaseAnswered"/>, one outcome for each lease.</summary>
public sealed record Release(CallId Call, TenantName Tenant, IReadOnlyList<HeldLease> Leases) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.RequestFound"/> or <see cref="Outcomes.Refused"/>.</summary>
public sealed record LookupRequest(CallId Call, TenantName Tenant, RequestId Request) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.RequestCancelled"/>.</summary>
public sealed record CancelRequest(CallId Call, TenantName Tenant, RequestId Request) : CallCommand(Call);

/// <summary>A dry run, answered by <see cref="Outcomes.Explained"/>; changes nothing.</summary>
/// <param name="Call">Whom to answer.</param>
/// <param name="Request">What would be asked.</param>
/// <param name="AssumeConnected">For a state of the past, whose connections are not known: take every worker as connected.</param>
public sealed record Explain(CallId Call, AllocateRequest Request, bool AssumeConnected) : CallCommand(Call);

/// <summary>
/// The caller of <paramref name="Call"/> went away before its answer was delivered. A waiting request is dropped, and answered so;
/// leases that were granted to the call and that nobody has used yet go back. No answer of its own.
/// </summary>
public sealed record CallerGone(CallId Call) : Command;
