using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Verification.Tests.Linearizability;

public sealed class LinearizabilityCheckTests
{
    [Fact]
    public void A_history_without_operations_is_linearizable() =>
        Assert.Equal(Verdict.Legal, Decide(new RegisterModel(), []).Verdict);

    [Fact]
    public void Operations_that_meet_at_one_tick_are_concurrent()
    {
        Operation<RegisterCall>[] history = [new(1, Write(1), 0, 5), new(2, Read(null), 5, 5)];
        Assert.Equal(Verdict.Legal, Decide(new RegisterModel(), history).Verdict);
    }

    [Fact]
    public void The_counterexample_names_the_operation_without_a_place()
    {
        Operation<RegisterCall>[] history = [new(1, Write(1), 0, 1), new(2, Write(2), 2, 3), new(3, Write(7), 4, null), new(4, Read(1), 5, 6), new(5, Read(2), 7, 8)];
        var result = Decide(new RegisterModel(), history);
        Assert.Equal(
            "Not linearizable: after write of 1 by 1 (0 to 1), write of 2 by 2 (2 to 3), write of 7 by 3 (from 4 on), the value is 7, and read of 1 by 4 (5 to 6) has no place in any order.",
            result.Sentence);
        Assert.Equal(history[3], result.Counterexample!.Unplaced);
    }

    [Fact]
    public void The_counterexample_is_a_violation_among_others()
    {
        Operation<RegisterCall>[] history = [new(4, Read(1), 5, 6)];
        var counterexample = Decide(new RegisterModel(), history).Counterexample!;
        Assert.Equal(
            "LinearizabilityCheck: before anything else, the value is nil, and read of 1 by 4 (5 to 6) has no place in any order",
            counterexample.ToViolation().ToString());
    }

    [Fact]
    public void Too_few_steps_leave_a_history_undecided()
    {
        var result = Decide(new RegisterModel(), Hard(), SearchLimits.Default with { StepsMax = 1_000 });
        Assert.Equal((Verdict.Unknown, SearchBound.Steps, 1_000L), (result.Verdict, result.Bound, result.Steps));
        Assert.Equal("Undecided: the limit of steps was reached, after 1000 steps in all.", result.Sentence);
    }

    [Fact]
    public void Too_small_a_memo_leaves_a_history_undecided()
    {
        var result = Decide(new RegisterModel(), Hard(), SearchLimits.Default with { MemoEntriesMax = 1_000 });
        Assert.Equal((Verdict.Unknown, SearchBound.Memo), (result.Verdict, result.Bound));
    }

    [Fact]
    public void A_history_is_undecided_when_the_time_is_up()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var result = Decide(new RegisterModel(), Hard(), SearchLimits.Default with { TimeMax = TimeSpan.FromSeconds(5) }, time);
        Assert.Equal((Verdict.Unknown, SearchBound.Time), (result.Verdict, result.Bound));
    }

    [Fact]
    public void A_cancelled_search_leaves_a_history_undecided()
    {
        var result = Decide(new RegisterModel(), Hard(), SearchLimits.Default, cancellation: new CancellationToken(canceled: true));
        Assert.Equal((Verdict.Unknown, SearchBound.Cancelled), (result.Verdict, result.Bound));
    }

    [Fact]
    public void One_illegal_part_decides_although_another_is_undecided()
    {
        var undecided = Enumerable.Range(0, 12).Select(number => new Operation<KeyValueCall>(number, Append("hard", $"{number}"), 0, 100))
            .Append(new Operation<KeyValueCall>(12, Get("hard", "none of these"), 101, 102));
        Operation<KeyValueCall>[] illegal = [new(20, Get("easy", "never put"), 200, 201)];
        var result = Decide(new KeyValueModel(), undecided.Concat(illegal), SearchLimits.Default with { StepsMax = 500 });
        Assert.Equal((Verdict.Illegal, "easy"), (result.Verdict, result.Counterexample!.Part));
        Assert.Equal("hard", Decide(new KeyValueModel(), undecided, SearchLimits.Default with { StepsMax = 500 }).BoundedPart);
    }

    [Fact]
    public void An_operation_that_completes_before_it_begins_is_refused() =>
        Assert.Throws<ArgumentException>(() => Decide(new RegisterModel(), [new(1, Read(null), 2, 1)]));

    /// <summary>Keys are as short as the history is concurrent: these would take gigabytes if each noted every operation.</summary>
    [Fact]
    public void A_long_history_takes_memory_only_for_what_is_open()
    {
        var history = Enumerable.Range(0, 200_000).Select(number =>
            new Operation<RegisterCall>(number % 4, number % 2 == 0 ? Write(number) : Read(number - 1), 4L * (number / 2), (4L * (number / 2)) + 3 + (number % 2)));
        var result = Decide(new RegisterModel(), history);
        Assert.True(result.Verdict == Verdict.Legal, result.Sentence);
    }

    private static LinearizabilityResult<TCall> Decide<TState, TCall>(
        ISequentialModel<TState, TCall> model,
        IEnumerable<Operation<TCall>> history,
        SearchLimits? limits = null,
        TimeProvider? time = null,
        CancellationToken? cancellation = null)
        where TState : notnull =>
        LinearizabilityCheck.Run(model, history, limits ?? SearchLimits.Default, time, cancellation ?? TestContext.Current.CancellationToken);

    private static RegisterCall Write(long value) => new(RegisterFunction.Write, value, null, RegisterAnswer.Ok);

    private static RegisterCall Read(long? value) => new(RegisterFunction.Read, value, null, RegisterAnswer.Ok);

    private static KeyValueCall Append(string key, string text) => new(KeyValueFunction.Append, key, text, IsAnswered: true);

    private static KeyValueCall Get(string key, string text) => new(KeyValueFunction.Get, key, text, IsAnswered: true);

    /// <summary>Twenty writes at once, and a read of what nobody wrote: every subset with every last write must be looked at.</summary>
    private static IEnumerable<Operation<RegisterCall>> Hard() =>
        Enumerable.Range(0, 20).Select(number => new Operation<RegisterCall>(number, Write(number), 0, 100))
            .Append(new Operation<RegisterCall>(20, Read(-1), 101, 102));
}
