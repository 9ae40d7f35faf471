using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Witness;

namespace ControlPlane.Verification.Tests.Witness;

/// <summary>On a journal in which append n of the only client is at position n.</summary>
public sealed class RealTimeOrderCheckTests
{
    [Fact]
    public void Appends_that_overlap_may_be_in_either_order() => Assert.Empty(Run(Appended(1, 0, 10), Appended(2, 0, 9)));

    [Fact]
    public void Appends_that_meet_at_one_tick_may_be_in_either_order() => Assert.Empty(Run(Appended(1, 9, 10), Appended(2, 0, 9)));

    [Fact]
    public void An_append_before_one_that_was_answered_before_it_began_is_named_with_it() => Assert.Equal(
        "append 1 of 00000000000000000000000000000001 → 1 by 1 (5 to 6) is at 1 and so before append 3 of 00000000000000000000000000000001 → 3 by 3 (0 to 4), which was answered before it began",
        Assert.Single(Run(Appended(1, 5, 6), Appended(2, 0, 9), Appended(3, 0, 4))));

    [Fact]
    public void An_append_began_with_its_first_attempt() =>
        Assert.Empty(Run(Unanswered(1, 0), Appended(2, 1, 2), Appended(1, 5, 6)));

    [Fact]
    public void An_append_was_answered_with_its_first_answer() =>
        Assert.Single(Run(Appended(2, 0, 1), Appended(1, 5, 6), Appended(2, 8, 9)));

    [Fact]
    public void A_refused_attempt_is_none_of_its_attempts() =>
        Assert.Single(Run(Appended(1, 0, 1) with { Call = Append(1, JournalAnswer.Refused) }, Appended(2, 1, 2), Appended(1, 5, 6)));

    [Fact]
    public void A_client_that_gave_up_was_not_answered() =>
        Assert.Empty(Run(Unanswered(2, 0) with { Completed = 1 }, Appended(1, 5, 6)));

    [Fact]
    public void An_unanswered_append_that_is_not_in_the_journal_is_nothing() => Assert.Empty(Run(Appended(3, 0, 1), Unanswered(9, 5)));

    [Fact]
    public void Readings_of_one_tail_may_be_in_any_order() => Assert.Empty(Run(Read(2, 0, 1), Read(2, 5, 6), Appended(2, 0, 9), Appended(3, 7, 8)));

    [Fact]
    public void Tails_that_fall_are_found() => Assert.Single(Run(Read(2, 0, 1), Read(1, 5, 6)));

    [Fact]
    public void A_tail_behind_an_append_that_was_answered_before_is_found() => Assert.Single(Run(Appended(3, 0, 1), Read(2, 5, 6)));

    [Fact]
    public void A_tail_ahead_of_an_append_that_had_not_begun_is_found() => Assert.Single(Run(Read(2, 0, 1), Appended(2, 5, 6)));

    [Fact]
    public void The_tail_before_an_append_may_be_read_before_it() => Assert.Empty(Run(Read(1, 0, 1), Appended(2, 5, 6)));

    private static IEnumerable<string> Run(params Operation<JournalCall>[] operations)
    {
        var journal = new WitnessJournal(
        [
            .. Enumerable.Range(1, 3).Select(number => new WitnessEntry(
                new SequenceNumber((ulong)number), new Epoch(1), default, EntryType.User, new ClientId(1), new ClientSequence((ulong)number), EndsAppend: true, 0)),
        ]);
        return RealTimeOrderCheck.Run(journal, operations).Select(violation => violation.Sentence);
    }

    private static Operation<JournalCall> Appended(ulong number, long from, long to) => new((long)number, Append(number, JournalAnswer.Ok), from, to);

    private static Operation<JournalCall> Unanswered(ulong number, long from) => new((long)number, Append(number, JournalAnswer.None), from, null);

    private static Operation<JournalCall> Read(ulong tail, long from, long to) => new(
        0, new JournalCall { Function = JournalFunction.ReadTail, Answer = JournalAnswer.Ok, Position = new SequenceNumber(tail) }, from, to);

    private static JournalCall Append(ulong number, JournalAnswer answer) => new()
    {
        Function = JournalFunction.Append,
        Answer = answer,
        Client = new ClientId(1),
        Number = new ClientSequence(number),
        Contents = new UInt128[1],
        Position = new SequenceNumber(number),
    };
}
