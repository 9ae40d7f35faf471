using ControlPlane.Simulation.Coverage;
using ControlPlane.Simulation.Faults;

namespace ControlPlane.Simulation;

/// <summary>How a run ended.</summary>
public enum SimulationVerdict
{
    /// <summary>Nothing is wrong.</summary>
    Passed,

    /// <summary>Something happened that must never happen.</summary>
    Unsafe,

    /// <summary>All was mended, and the plane did not come back.</summary>
    NotLive,
}

/// <summary>What must never happen, and did; or what should have happened.</summary>
/// <param name="Check">Which demand.</param>
/// <param name="Sentence">What happened.</param>
/// <param name="At">Virtual nanoseconds.</param>
public sealed record SimulationViolation(string Check, string Sentence, long At);

/// <summary>A run, seen from its end.</summary>
public sealed record SimulationResult
{
    /// <summary>What was run.</summary>
    public required SimulationPlan Plan { get; init; }

    /// <summary>How it ended.</summary>
    public required SimulationVerdict Verdict { get; init; }

    /// <summary>What was wrong; null if nothing was.</summary>
    public SimulationViolation? Violation { get; init; }

    /// <summary>The faults that happened, concretely: with them as <see cref="SimulationPlan.Faults"/> it happens again.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>What it came to.</summary>
    public required CoverageMarks Coverage { get; init; }

    /// <summary>Virtual nanoseconds.</summary>
    public required long Duration { get; init; }

    /// <summary>Operations that clients brought to an end.</summary>
    public required long Operations { get; init; }

    /// <summary>Committed entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Events that happened.</summary>
    public required long Events { get; init; }

    /// <summary>The determinism guard's hash: equal for equal plans.</summary>
    public required ulong Fingerprint { get; init; }
}
