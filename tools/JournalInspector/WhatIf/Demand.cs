using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>One lease that somebody wanted and, in the journal, got.</summary>
/// <param name="Lease">Its position, which names it.</param>
/// <param name="Function">Position of the function version.</param>
/// <param name="Tenant">Position of the tenant.</param>
/// <param name="WasWarm">What the journal says.</param>
/// <param name="Worker">Where the journal put it.</param>
internal readonly record struct Demand(ulong Lease, ulong Function, ulong Tenant, bool WasWarm, string Worker);

/// <summary>What became of the sandbox of a lease that ended.</summary>
internal enum DemandEnd
{
    /// <summary>Given back: free at once.</summary>
    Released,

    /// <summary>Expired: free or dead when that is settled.</summary>
    Expired,

    /// <summary>The sandbox died under it: it would have elsewhere.</summary>
    Died,

    /// <summary>Its worker was lost: elsewhere it would have gone on, nobody knows how long.</summary>
    WorkerLost,
}

/// <summary>A host as it registered.</summary>
internal sealed record WorkerFacts(string Name, uint CapacitySandboxes, uint CapacityMemoryMib);

/// <summary>A sandbox that was there when the replay began.</summary>
internal sealed record SandboxFacts(string Worker, ulong Function, bool IsBooted, JournalTime FreedAt, ulong? Lease, ulong? Tenant);

/// <summary>Serves the demand of a journal: as it was, or in a model.</summary>
internal interface IServing
{
    void Present(SandboxFacts sandbox);

    /// <summary>Time has come to <paramref name="now"/>; what follows happens then.</summary>
    void MoveTo(JournalTime now);

    /// <param name="worker">Capacities.</param>
    /// <param name="starts">A new incarnation that brought nothing along: whatever ran there is gone.</param>
    void Registered(WorkerFacts worker, bool starts);

    void Lost(string worker);

    void Ordered(string worker, bool takesNew, bool drains);

    void Deployed(ulong function, FunctionDefinition definition);

    /// <summary>The version takes no more leases.</summary>
    void Superseded(ulong function);

    void Created(string worker);

    void Granted(Demand demand);

    void Ended(ulong lease, DemandEnd end);

    /// <summary>What an expired lease left is free again, or dead.</summary>
    void Settled(ulong lease, bool isFree);
}
