namespace ControlPlane.WorkerManager;

/// <summary>
/// What a candidate would look like with one more sandbox: everything that <see cref="PlacementScore"/> judges by, and nothing
/// else. Plain values, so that a past decision or an imagined fleet can be judged by the same rule.
/// </summary>
public readonly record struct PlacementLoad
{
    /// <summary>Slots that would be taken.</summary>
    public required int SandboxesAfter { get; init; }

    /// <summary>Slots there are.</summary>
    public required uint CapacitySandboxes { get; init; }

    /// <summary>Memory that would be committed, or the predicted peak of its use if that is more; MiB.</summary>
    public required double MemoryPeakMib { get; init; }

    /// <summary>Memory there is.</summary>
    public required uint CapacityMemoryMib { get; init; }

    /// <summary>The predicted peak of processor use, of all cores; null if nobody reported any.</summary>
    public double? CpuPeak { get; init; }

    /// <summary>Sandboxes of the same function there already.</summary>
    public required int OfFunction { get; init; }

    /// <summary>Slots that the same decision takes there beside this one.</summary>
    public int Planned { get; init; }

    /// <summary>Slots that the same tenant uses for the same function there.</summary>
    public required int OfTenant { get; init; }

    /// <summary>True if the caller wants another zone.</summary>
    public bool IsOtherZone { get; init; }
}
