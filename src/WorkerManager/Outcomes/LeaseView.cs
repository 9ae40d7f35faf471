using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>A held lease as callers see it. True at the end of the step that made it.</summary>
public sealed record LeaseView
{
    /// <summary>Its name for ever.</summary>
    public required LeaseId Id { get; init; }

    /// <summary>What is leased.</summary>
    public required SandboxId Sandbox { get; init; }

    /// <summary>Where to invoke.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Proof for the gate.</summary>
    public required FencingToken Fence { get; init; }

    /// <summary>Counted by the holder from sending.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>True if the sandbox was booted and free when it was granted.</summary>
    public required bool Warm { get; init; }

    /// <summary>Why this sandbox.</summary>
    public required ChoiceReason ChosenBecause { get; init; }

    /// <summary>True if an earlier call with the same request id got it.</summary>
    public required bool Replayed { get; init; }

    /// <summary>What runs in it.</summary>
    public required FunctionName Function { get; init; }

    /// <summary>Which deployment.</summary>
    public required uint FunctionVersion { get; init; }

    /// <summary>Its host.</summary>
    public required WorkerName Worker { get; init; }

    /// <summary>The caller's id.</summary>
    public required RequestId Request { get; init; }

    /// <summary>Who holds it.</summary>
    public required TenantName Tenant { get; init; }

    /// <summary>Renewals so far.</summary>
    public required uint RenewSequence { get; init; }

    /// <summary>True once the gate saw it used or its holder renewed it.</summary>
    public required bool Confirmed { get; init; }
}
