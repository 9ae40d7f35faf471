using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.CrashExplorer.Tests.Judging;

/// <summary>The judge is tested with openings that are wrong on purpose, made from one that is right.</summary>
public sealed class JudgeTests
{
    private readonly Ledger _ledger;
    private readonly OpeningFacts _right;

    public JudgeTests()
    {
        var run = WorkloadRun.Of(WorkloadList.Find("promises")!);
        var end = run.History.Changes.Count;
        _ledger = run.Book.At(end);
        _right = Opening.Of(run.History.At(end), _ledger.Closed, DamagePolicy.RollBack, isLarge: false);
    }

    [Fact]
    public void What_was_told_is_there() => Assert.Equal(Outcome.Recovered, Of(_right).Outcome);

    [Fact]
    public void A_shorter_journal_that_says_it_is_whole_is_a_violation() =>
        Assert.Contains("gone in silence", Of(Shorter(isWhole: true)).Why, StringComparison.Ordinal);

    [Fact]
    public void A_shorter_journal_that_says_it_is_not_whole_is_for_the_others_to_repair()
    {
        Assert.Equal(Outcome.Repaired, Of(Shorter(isWhole: false), Expectation.RecoversOrRefuses).Outcome);
        Assert.Equal(Outcome.Violation, Of(Shorter(isWhole: false)).Outcome);
    }

    [Fact]
    public void An_older_promise_is_a_violation() => Assert.Contains(
        "forgotten", Of(_right with { Promise = new ReplicaPromise(new(1), IsSealed: true) }, Expectation.RecoversOrRefuses).Why, StringComparison.Ordinal);

    [Fact]
    public void Another_payload_is_a_violation() => Assert.Contains(
        "never submitted", Of(_right with { Held = [new(1)] }, Expectation.RecoversOrRefuses).Why, StringComparison.Ordinal);

    [Fact]
    public void A_refusal_must_name_a_file()
    {
        var refused = _right with { Refusal = "no", Reason = RefusalReason.Gap };
        Assert.Contains("names no file", Of(refused, Expectation.RecoversOrRefuses).Why, StringComparison.Ordinal);
        Assert.Equal(Outcome.Refused, Of(refused with { Refusal = $"{Stage.Replica}/segments" }, Expectation.RecoversOrRefuses).Outcome);
        Assert.Equal(Outcome.Violation, Of(refused with { Refusal = $"{Stage.Replica}/segments" }).Outcome);
    }

    [Fact]
    public void Anything_but_an_opening_or_a_refusal_is_a_violation() =>
        Assert.Equal(Outcome.Violation, Of(_right with { Crash = "NullReferenceException" }, Expectation.RecoversOrRefuses).Outcome);

    private OpeningFacts Shorter(bool isWhole) => new()
    {
        Policy = DamagePolicy.RollBack,
        After = new DiskImage(),
        Promise = _right.Promise with { IsWhole = isWhole },
        Acceptor = _right.Acceptor,
    };

    private Verdict Of(OpeningFacts facts, Expectation expectation = Expectation.Recovers) => Judge.Of(facts, _ledger, expectation);
}
