using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Commands;

/// <summary>May the caller wait for a new sandbox?</summary>
public enum ColdPolicy
{
    /// <summary>Only a free, booted sandbox will do.</summary>
    WarmOnly = 1,

    /// <summary>Start one if none is free, and wait for it up to <see cref="AllocateRequest.MaxWait"/>.</summary>
    Allow = 2,

    /// <summary>Start one if none is free and lease it at once.</summary>
    Reserve = 3,
}

/// <summary>One selector: every label must be on the worker with this value.</summary>
public sealed record Selector(IReadOnlyList<KeyValuePair<string, string>> Labels);

/// <summary>What a caller wants leased.</summary>
public sealed record AllocateRequest
{
    /// <summary>A retry repeats it.</summary>
    public required RequestId Request { get; init; }

    /// <summary>The client process, or none (zero).</summary>
    public ClientId Client { get; init; }

    /// <summary>The client's number for this request; zero without a client.</summary>
    public ClientSequence ClientSequence { get; init; }

    /// <summary>The client never asks again about its requests up to this number.</summary>
    public ClientSequence ClientAcknowledged { get; init; }

    /// <summary>Who asks.</summary>
    public required TenantName Tenant { get; init; }

    /// <summary>What to run.</summary>
    public required FunctionName Function { get; init; }

    /// <summary>0 = the newest.</summary>
    public uint FunctionVersion { get; init; }

    /// <summary>Tried in order; empty = any worker.</summary>
    public IReadOnlyList<Selector> Selectors { get; init; } = [];

    /// <summary>All or none; 1 to <see cref="Limits.LeasesPerRequestMax"/>.</summary>
    public int Count { get; init; } = 1;

    /// <summary>0 to <see cref="Limits.PriorityMax"/>; higher is served first.</summary>
    public int Priority { get; init; }

    /// <summary>Preferred zone, or empty.</summary>
    public string Zone { get; init; } = "";

    /// <summary>Zero = fail fast.</summary>
    public TimeSpan MaxWait { get; init; }

    /// <summary>What to do if no sandbox is free.</summary>
    public ColdPolicy ColdPolicy { get; init; } = ColdPolicy.Allow;

    /// <summary>How long each lease lasts without renewal; whole milliseconds.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Zero = needs no confirmation; whole milliseconds.</summary>
    public TimeSpan ConfirmWithin { get; init; }
}
