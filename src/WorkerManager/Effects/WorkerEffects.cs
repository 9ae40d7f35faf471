using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager.Effects;

/// <summary>A message to a worker, on one session; dropped if that session has closed (a reconnect repeats what still holds).</summary>
public abstract record WorkerEffect(SessionId Session) : Effect;

/// <summary>The hello was accepted.</summary>
/// <param name="Session">To whom.</param>
/// <param name="Epoch">The reign.</param>
/// <param name="Registration">Position of the worker's registration.</param>
/// <param name="LostAfter">Silence after which the worker is given up.</param>
/// <param name="HeartbeatInterval">How often to report.</param>
/// <param name="DriftPermille">The worker fences itself at TTL × (1 − this / 1000).</param>
/// <param name="Quarantine">Sandboxes of the inventory that the plane does not know: kept, not used, not killed.</param>
public sealed record OpenSession(
    SessionId Session,
    Epoch Epoch,
    SequenceNumber Registration,
    TimeSpan LostAfter,
    TimeSpan HeartbeatInterval,
    uint DriftPermille,
    IReadOnlyList<SandboxId> Quarantine) : WorkerEffect(Session);

/// <summary>The session ends here; with a rejection if the hello was refused or the worker was given up.</summary>
public sealed record CloseSession(SessionId Session, Rejection? Rejection) : WorkerEffect(Session);

/// <summary>Start a sandbox. Repeated with the same id until the worker has it.</summary>
public sealed record CreateSandbox(SessionId Session, SandboxId Sandbox, FunctionDefinition Function, uint FunctionVersion) : WorkerEffect(Session);

/// <summary>End a sandbox's process group and report that it died.</summary>
public sealed record DestroySandbox(SessionId Session, SandboxId Sandbox) : WorkerEffect(Session);

/// <summary>Let the holder of the token in, for <paramref name="Ttl"/> from receiving this. Also a renewal (same token).</summary>
public sealed record Grant(SessionId Session, SandboxId Sandbox, FencingToken Fence, TimeSpan Ttl, TenantName Tenant) : WorkerEffect(Session);

/// <summary>Void every token below <paramref name="Floor"/> and end the use that is going on; then acknowledge, if the plane waits for it.</summary>
public sealed record Revoke(SessionId Session, SandboxId Sandbox, SequenceNumber Floor, bool Acknowledge) : WorkerEffect(Session);

/// <summary>Report everything that you have.</summary>
public sealed record RequestInventory(SessionId Session) : WorkerEffect(Session);
