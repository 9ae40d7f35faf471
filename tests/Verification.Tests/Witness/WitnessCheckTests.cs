using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Witness;

namespace ControlPlane.Verification.Tests.Witness;

/// <summary>A journal that does everything right is accepted; whatever is changed in what it wrote or said is found.</summary>
public sealed class WitnessCheckTests
{
    private const int Calls = 60;

    private readonly JournalStory _story = JournalStory.Tell(seed: 7, Calls);

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    public void Whatever_a_correct_journal_shows_to_its_clients_is_accepted(ulong head)
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var story = JournalStory.Tell(seed, Calls, head);
            Assert.Empty(story.Check(replicas: [story.Replica("a", story.Tail.Value), story.Replica("b", story.Tail.Value / 2)]));
        }
    }

    [Fact]
    public void A_trimmed_head_is_no_violation()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var story = JournalStory.Tell(seed, Calls);
            var cut = story.Entries.FindIndex(story.Entries.Count / 2, entry => entry.EndsAppend) + 1;
            story.Entries.RemoveRange(0, cut);
            Assert.Empty(story.Check(withHashes: false));
        }
    }

    /// <summary>Each is a second opinion on the other: what the witness accepts has a linearization, the journal's own order.</summary>
    [Fact]
    public void Whatever_is_accepted_is_linearizable()
    {
        var rejected = 0;
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var story = JournalStory.Tell(seed, 20);
            var random = new SeededRandom(seed);
            var at = random.Below(story.Operations.Count);
            var operation = story.Operations[at];
            var call = operation.Call;
            story.Operations[at] = random.Below(3) switch
            {
                0 => operation with { Call = call with { Position = new SequenceNumber((ulong)random.Below((int)story.Tail.Value + 2)) } },
                1 => operation with { Invoked = operation.Invoked - 150, Completed = operation.Completed - 150 },
                _ => operation with { Invoked = operation.Invoked + 150, Completed = operation.Completed + 150 },
            };
            var isAccepted = story.Check().Count == 0;
            var result = LinearizabilityCheck.Run(new JournalModel(), story.Operations, SearchLimits.Default, cancellation: TestContext.Current.CancellationToken);
            Assert.True(!isAccepted || result.Verdict == Verdict.Legal, $"seed {seed}: {result}");
            rejected += isAccepted ? 0 : 1;
        }

        Assert.InRange(rejected, 100, 400);
    }

    [Fact]
    public void A_gap_is_found()
    {
        Change(10, entry => entry with { Position = entry.Position.Next });
        Find("after position 10 comes 12");
    }

    [Fact]
    public void A_reign_that_falls_is_found()
    {
        Change(9, entry => entry with { Epoch = new Epoch(99) });
        Find("but the one before of the later reign 99");
    }

    [Fact]
    public void A_hash_that_does_not_vouch_is_found()
    {
        _story.Entries[10] = _story.Entries[10] with { PrefixHash = new byte[32] };
        Find("the hash at 11 is 00000");
    }

    [Fact]
    public void A_past_that_was_rewritten_is_found()
    {
        _story.Entries[10] = _story.Entries[10] with { Epoch = new Epoch(1), Content = 4_711 };
        Find("the hash at 11 is");
        Find("content 1267");
    }

    [Fact]
    public void An_append_that_is_there_twice_is_found()
    {
        var first = _story.Entries.First(entry => entry.EndsAppend);
        _story.Entries.Add(first with { Position = _story.Tail.Next });
        _story.Rehash();
        Find($"append {first.Number} of {first.Client} is in the journal twice");
    }

    [Fact]
    public void Half_of_an_append_at_the_end_is_found()
    {
        Change(_story.Entries.Count - 1, entry => entry with { EndsAppend = false });
        Find($"the append of the last entry, {_story.Tail}, is committed in part");
    }

    [Fact]
    public void An_append_in_the_middle_of_another_is_found()
    {
        Change(_story.Entries.FindIndex(entry => entry.EndsAppend), entry => entry with { EndsAppend = false });
        Find("has not ended before it");
    }

    [Fact]
    public void An_acknowledged_append_that_was_lost_is_found()
    {
        _story.Entries.RemoveRange(_story.Entries.Count - 8, 8);
        Find($"was acknowledged, but the journal ends at {_story.Tail.Value - 8}");
    }

    [Fact]
    public void An_acknowledged_append_with_other_content_is_found()
    {
        Change(_story.Entries.Count / 2, entry => entry with { Content = 4_711 });
        Find("content 1267");
    }

    [Fact]
    public void An_acknowledged_append_that_goes_on_is_found()
    {
        Answer(call => call is { Answer: JournalAnswer.Ok, Contents.Length: 3 }, call => call with { Contents = call.Contents[..2] });
        Find("has 2 entries, but in the journal its append goes on at");
    }

    [Fact]
    public void An_acknowledged_append_of_another_kind_is_found()
    {
        Change(_story.Entries.Count / 2, entry => entry with { Kind = EntryType.Fence });
        Find("(Fence)");
    }

    [Fact]
    public void An_acknowledgement_with_another_position_is_found()
    {
        Answer(call => call is { Answer: JournalAnswer.Ok, Function: JournalFunction.Append }, call => call with { Position = call.Position.Next, ExpectedTail = null });
        Find("but the journal has it at");
    }

    [Fact]
    public void Two_attempts_without_a_number_that_share_a_position_are_found()
    {
        var index = _story.Operations.FindIndex(operation => operation.Call is { Answer: JournalAnswer.Ok, Function: JournalFunction.Append, Contents.Length: 1, ExpectedTail: null });
        var operation = _story.Operations[index];
        _story.Operations[index] = operation with { Call = operation.Call with { Number = default } };
        _story.Operations.Insert(index, _story.Operations[index]);
        Change((int)operation.Call.Position.Value - 1, entry => entry with { Number = default });
        Find("but another append was given the same position");
    }

    [Fact]
    public void An_append_away_from_its_expected_tail_is_found()
    {
        Answer(call => call is { Answer: JournalAnswer.Ok, Function: JournalFunction.Append }, call => call with { ExpectedTail = call.Position });
        Find("away from its expected tail");
    }

    [Fact]
    public void A_condition_that_failed_although_it_was_true_is_found()
    {
        Answer(call => call.Answer == JournalAnswer.TailMismatch, call => call with { ExpectedTail = call.Position });
        Find("although the tail was the expected one");
    }

    [Fact]
    public void A_failed_condition_that_tells_of_a_tail_that_never_was_is_found()
    {
        Answer(call => call.Answer == JournalAnswer.TailMismatch, call => call with { Position = _story.Entries.First(entry => !entry.EndsAppend).Position });
        Find("was told of a tail in the middle of an append");
    }

    [Fact]
    public void A_tail_that_is_not_committed_is_found()
    {
        Answer(call => call.Function == JournalFunction.ReadTail, call => call with { Position = _story.Tail.Next });
        Find("was told of a tail that is not committed");
    }

    [Fact]
    public void A_failed_condition_of_an_append_that_happened_is_found()
    {
        var appended = _story.Operations[0].Call;
        Answer(call => call.Answer == JournalAnswer.TailMismatch, call => call with { Client = appended.Client, Number = appended.Number });
        Find($"is in the journal, at {appended.Position}");
    }

    [Fact]
    public void A_refused_append_that_is_there_is_found()
    {
        Answer(call => call is { Answer: JournalAnswer.Ok, Function: JournalFunction.Append }, call => call with { Answer = JournalAnswer.Refused });
        Find("every attempt at it was refused, or there was none");
    }

    [Fact]
    public void An_append_that_nobody_asked_for_is_found()
    {
        _story.Entries.Add(_story.Entries[^1] with { Position = _story.Tail.Next, Number = new ClientSequence(999), EndsAppend = true });
        _story.Rehash();
        Find("append 999 of");
    }

    [Fact]
    public void Appends_of_clients_outside_of_the_history_are_fine()
    {
        _story.Entries.Add(_story.Entries[^1] with { Position = _story.Tail.Next, Client = new ClientId(99), EndsAppend = true });
        _story.Rehash();
        Assert.Empty(_story.Check());
    }

    [Fact]
    public void An_append_that_began_after_a_later_one_was_answered_is_found()
    {
        Move(operation => operation.Call is { Answer: JournalAnswer.Ok, Function: JournalFunction.Append }, ticks: 500);
        Find("which was answered before it began");
    }

    [Fact]
    public void An_unanswered_append_that_began_after_a_later_one_was_answered_is_found()
    {
        var journal = new WitnessJournal(_story.Entries);
        Move(operation => operation.Call.Answer == JournalAnswer.None && journal.Entries.Any(entry => entry.Client == operation.Call.Client && entry.Number == operation.Call.Number), ticks: 500);
        Find("which was answered before it began");
    }

    [Fact]
    public void A_stale_tail_is_found()
    {
        Move(operation => operation.Call.Function == JournalFunction.ReadTail, ticks: 500);
        Find("which was answered before it began");
    }

    [Fact]
    public void A_tail_that_was_told_before_its_append_began_is_found()
    {
        Move(operation => operation.Call.Function == JournalFunction.ReadTail, ticks: -90);
        Find("which was answered before it began");
    }

    [Fact]
    public void Replicas_that_differ_are_found()
    {
        var replicas = new[] { _story.Replica("a", 20), _story.Replica("b", 20, entry => entry.Position.Value == 11 ? entry with { Bytes = new byte[3] } : entry) };
        Assert.Contains(_story.Check(replicas: replicas), violation => violation.Sentence.StartsWith("at position 11", StringComparison.Ordinal));
    }

    [Fact]
    public void No_check_reports_more_than_anyone_reads()
    {
        var story = JournalStory.Tell(seed: 1, calls: 400);
        for (var at = 0; at < story.Entries.Count; at++)
        {
            story.Entries[at] = story.Entries[at] with { Content = 0 };
        }

        Assert.Equal(WitnessCheck.ViolationsMax, story.Check(withHashes: false).Count);
    }

    private void Find(string sentence) =>
        Assert.Contains(_story.Check(), violation => violation.Sentence.Contains(sentence, StringComparison.Ordinal));

    /// <summary>Changes an entry, and all hashes after it, as a replica that believes in what it holds.</summary>
    private void Change(int at, Func<WitnessEntry, WitnessEntry> change)
    {
        _story.Entries[at] = change(_story.Entries[at]);
        _story.Rehash();
        Assert.DoesNotContain(_story.Check(), violation => violation.Sentence.StartsWith("the hash", StringComparison.Ordinal));
    }

    private void Answer(Func<JournalCall, bool> which, Func<JournalCall, JournalCall> change)
    {
        var at = _story.Operations.FindIndex(operation => which(operation.Call));
        _story.Operations[at] = _story.Operations[at] with { Call = change(_story.Operations[at].Call) };
    }

    private void Move(Func<Operation<JournalCall>, bool> which, long ticks)
    {
        var at = _story.Operations.FindIndex(operation => which(operation));
        var operation = _story.Operations[at];
        _story.Operations[at] = operation with { Invoked = operation.Invoked + ticks, Completed = operation.Completed + ticks };
    }
}
