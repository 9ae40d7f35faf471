using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Tests.Linearizability;
using static ControlPlane.Verification.Models.JournalAnswer;

namespace ControlPlane.Verification.Tests.Models;

public sealed class JournalModelTests
{
    [Fact]
    public void Positions_are_dense_in_the_order_of_time()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(2, Ok, 2)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(2, Ok, 3)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 2)).Did(2, 3, Append(2, Ok, 1)).Verdict);
        Assert.Equal(Verdict.Legal, Story.Did(0, 3, Append(1, Ok, 2)).Did(2, 4, Append(2, Ok, 1)).Verdict);
    }

    [Fact]
    public void An_append_of_three_entries_takes_three_positions() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(1, Ok, 1, entries: 3)).Did(2, 3, Append(2, Ok, 4)).Verdict);

    [Fact]
    public void No_two_appends_share_a_position() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 9, Append(1, Ok, 1)).Did(0, 9, Append(2, Ok, 1)).Verdict);

    [Fact]
    public void A_repeated_append_gets_its_first_position_and_appends_nothing()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(2, Ok, 2)).Did(4, 5, Append(1, Ok, 1)).Did(6, 7, ReadTail(2)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(1, Ok, 2)).Verdict);
    }

    [Fact]
    public void Appends_without_a_number_are_never_repetitions() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(0, Ok, 1)).Did(2, 3, Append(0, Ok, 2)).Verdict);

    [Fact]
    public void An_append_happens_only_at_the_expected_tail()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(1, Ok, 1, expectedTail: 0)).Did(2, 3, Append(2, Ok, 2, expectedTail: 1)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1, expectedTail: 0)).Did(2, 3, Append(2, Ok, 2, expectedTail: 0)).Verdict);
    }

    [Fact]
    public void A_condition_that_failed_was_false() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(2, TailMismatch, 1, expectedTail: 1)).Verdict);

    [Fact]
    public void The_tail_that_a_failed_condition_reports_was_the_tail()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(2, TailMismatch, 1, expectedTail: 0)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1)).Did(2, 3, Append(2, TailMismatch, 2, expectedTail: 0)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1, entries: 2)).Did(2, 3, Append(2, TailMismatch, 1, expectedTail: 0)).Verdict);
    }

    [Fact]
    public void A_repeated_append_is_never_told_that_its_condition_failed() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Append(1, Ok, 1, expectedTail: 0)).Did(2, 3, Append(1, TailMismatch, 1, expectedTail: 0)).Verdict);

    [Fact]
    public void A_refused_append_is_nothing() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Append(1, Refused, 0)).Did(2, 3, ReadTail(0)).Verdict);

    [Fact]
    public void An_unanswered_append_may_happen_at_any_later_time_but_once()
    {
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Append(1, None, 0)).Did(1, 2, ReadTail(0)).Did(3, 4, Append(2, Ok, 2)).Verdict);
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Append(1, None, 0)).Did(1, 2, Append(1, Ok, 1)).Did(3, 4, ReadTail(1)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.NeverHeardOf(0, Append(1, None, 0)).Did(1, 2, Append(1, Ok, 1)).Did(3, 4, ReadTail(2)).Verdict);
    }

    [Fact]
    public void A_window_begins_at_the_tail_that_it_is_given() =>
        Assert.Equal(Verdict.Legal, new CallStory<JournalModelState, JournalCall>(new JournalModel(new SequenceNumber(41))).Did(0, 1, Append(1, Ok, 42)).Verdict);

    private static CallStory<JournalModelState, JournalCall> Story => new(new JournalModel());

    private static JournalCall ReadTail(ulong tail) => new() { Function = JournalFunction.ReadTail, Answer = Ok, Position = new SequenceNumber(tail) };

    private static JournalCall Append(ulong number, JournalAnswer answer, ulong position, ulong? expectedTail = null, int entries = 1) => new()
    {
        Function = JournalFunction.Append,
        Answer = answer,
        Client = new ClientId(9),
        Number = new ClientSequence(number),
        Contents = new UInt128[entries],
        ExpectedTail = expectedTail is { } tail ? new SequenceNumber(tail) : null,
        Position = new SequenceNumber(position),
    };
}
