using ControlPlane.Chaos.App;

namespace ControlPlane.Chaos.Checks;

/// <summary>Something that was found: the name of the check, and a sentence with ids and times.</summary>
internal sealed record Finding(string Check, string Sentence)
{
    public override string ToString() => $"{Check}: {Sentence}";
}

/// <summary>What a run amounts to, <c>verdict.json</c>.</summary>
internal sealed record RunVerdict
{
    public required string Scenario { get; init; }

    public required string Breaks { get; init; }

    public required long Seed { get; init; }

    /// <summary><c>pass</c>, <c>safety</c>, <c>liveness</c> or <c>unknown</c>.</summary>
    public required ExitCode Outcome { get; init; }

    /// <summary>What must never happen, and did.</summary>
    public required IReadOnlyList<Finding> Violations { get; init; }

    /// <summary>When clients can first have known of a violation, in microseconds on the run's clock; null if it cannot be told.</summary>
    public long? FirstViolationAt { get; init; }

    /// <summary>What should have happened, and did not, or not in time.</summary>
    public required IReadOnlyList<Finding> Delays { get; init; }

    /// <summary>Why the run says too little.</summary>
    public required IReadOnlyList<string> Gaps { get; init; }

    public required RunFigures Figures { get; init; }

    /// <summary>What to type to do it again.</summary>
    public required string Replay { get; init; }

    public int ExitCode => (int)Outcome;

    /// <summary>One line for a terminal.</summary>
    public string OneLine
    {
        get
        {
            var figures = Figures;
            var what = Outcome switch
            {
                App.ExitCode.Pass => "PASS",
                App.ExitCode.Safety => $"SAFETY, {Violations.Count} violation(s), the first: {Violations[0]}",
                App.ExitCode.Liveness => $"LIVENESS, {Delays[0]}",
                _ => $"UNKNOWN, {Gaps[0]}",
            };
            return FormattableString.Invariant(
                $"{what} — {Scenario}: {figures.Operations} operations checked ({figures.Ok} acknowledged, {figures.Unknown} of unknown outcome), {figures.Faults} faults, longest outage {figures.LongestOutageMs} ms. Again: {Replay}");
        }
    }
}

/// <summary>What was done and seen.</summary>
internal sealed record RunFigures
{
    public int Operations { get; init; }

    public int Ok { get; init; }

    public int Denied { get; init; }

    public int Refused { get; init; }

    public int Unknown { get; init; }

    public IReadOnlyDictionary<string, int> OperationsByKind { get; init; } = new Dictionary<string, int>();

    public int Faults { get; init; }

    public IReadOnlyDictionary<string, int> FaultsByKind { get; init; } = new Dictionary<string, int>();

    public int Kills { get; init; }

    public int Pauses { get; init; }

    public int Cuts { get; init; }

    public int DiskFaults { get; init; }

    public int ClockFaults { get; init; }

    /// <summary>The longest time between two acknowledgements while faults were struck.</summary>
    public long LongestOutageMs { get; init; }

    public long RecoveredMs { get; init; }

    public double Seconds { get; init; }
}
