using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Commands;

/// <summary>Answered by <see cref="Outcomes.DeployAnswered"/> or a refusal.</summary>
public sealed record DeployFunction(CallId Call, FunctionDefinition Function) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.Done"/> or a refusal.</summary>
public sealed record DeleteFunction(CallId Call, FunctionName Name) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.Done"/> or a refusal.</summary>
public sealed record CordonWorker(CallId Call, WorkerName Name) : CallCommand(Call);

/// <summary>Ends a cordon or a drain. Answered by <see cref="Outcomes.Done"/> or a refusal.</summary>
public sealed record UncordonWorker(CallId Call, WorkerName Name) : CallCommand(Call);

/// <summary>
/// Answered by <see cref="Outcomes.Done"/> or a refusal. Draining a lost worker writes its sandboxes off: they are taken
/// as dead, and the tenants' use of them ends.
/// </summary>
public sealed record DrainWorker(CallId Call, WorkerName Name, TimeSpan Deadline) : CallCommand(Call);

/// <summary>0 = the default applies. Answered by <see cref="Outcomes.Done"/> or a refusal.</summary>
public sealed record SetTenantLimit(CallId Call, TenantName Tenant, uint LeaseLimit) : CallCommand(Call);

/// <summary>Answered by <see cref="Outcomes.Done"/>.</summary>
public sealed record SetSettings(CallId Call, Settings Settings) : CallCommand(Call);
