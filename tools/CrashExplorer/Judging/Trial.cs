using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.CrashExplorer.Judging;

/// <summary>One start from an image, judged; and what follows a start: a second one must find the same, and it must be possible to go on.</summary>
/// <param name="Ledger">What the world knows.</param>
/// <param name="Expectation">What may be asked.</param>
/// <param name="Policy">Alone or among several.</param>
/// <param name="IsLarge">Which sizes the workload used.</param>
internal sealed record Trial(Ledger Ledger, Expectation Expectation, DamagePolicy Policy, bool IsLarge)
{
    /// <summary>Start again from what the first start left.</summary>
    public bool StartsTwice { get; init; }

    /// <summary>Write on, if nothing forbids it.</summary>
    public bool GoesOn { get; init; }

    public Verdict Of(DiskImage image)
    {
        var facts = Opening.Of(image, Ledger.Closed, Policy, IsLarge);
        var verdict = Judge.Of(facts, Ledger, Expectation);
        if (verdict.Outcome == Outcome.Violation || !facts.IsOpen)
        {
            return verdict;
        }

        if (StartsTwice)
        {
            var second = Opening.Of(facts.After, Ledger.Closed, Policy, IsLarge);
            if (second.Outcome != facts.Outcome)
            {
                return Verdict.Violation($"a second start found something else: first [{facts.Outcome}], then [{second.Outcome}]");
            }

            if (Judge.Of(second, Ledger, Expectation) is { Outcome: Outcome.Violation } late)
            {
                return late with { Why = $"at the second start {late.Why}" };
            }
        }

        var mayGoOn = GoesOn && facts.ReadRefusal is null && Ledger.Closed.IsEmpty;
        return mayGoOn && Continuation.Problem(facts, IsLarge) is { } problem ? Verdict.Violation(problem) : verdict;
    }
}
