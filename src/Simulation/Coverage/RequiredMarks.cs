namespace ControlPlane.Simulation.Coverage;

/// <summary>What a long run must have come to at least once, or it proves too little.</summary>
public static class RequiredMarks
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "a journal was begun",
        "a reign was led",
        "a writer was deposed: LostMajority",
        "a writer was deposed: Overtaken",
        "a writer was deposed: HandedOver",
        "a late replica clipped",
        "a replica was healed",
        "a replica was replaced",
        "a snapshot was taken",
        "a snapshot was installed from another replica",
        "a writer trimmed",
        "a follower trimmed",
        "an append was repeated",
        "append TailMismatch",
        "an outcome was unknown",
        "killed before a promise",
        "killed before a flush",
        "killed before a segment",
        "killed before a write",
        "disk error at a flush",
        "disk full at a flush",
        "recovery clipped a torn write",
        "recovery lost acknowledged entries",
        "recovery dropped half an append",
        "message overtaken",
        "message repeated",
        "message lost",
        "message lost with its connection",
        "register round beaten",
        "gate: Ran",
        "gate: Stale",
        "gate: Expired",
        "a sandbox was quarantined",
        "a run converged",
    ];
}
