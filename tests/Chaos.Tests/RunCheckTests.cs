using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Recording;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Tests;

/// <summary>What a recorded run amounts to: a run in which all is well, and the same with one thing changed.</summary>
public sealed class RunCheckTests
{
    [Fact]
    public void A_run_in_which_all_is_well_passes()
    {
        var verdict = Judge(Recordings.Tiny);
        Assert.Equal((ExitCode.Pass, 0), (verdict.Outcome, verdict.ExitCode));
        Assert.Empty(verdict.Violations);
        Assert.Empty(verdict.Gaps);
        Assert.Equal((15, 13, 1, 1, 1), (verdict.Figures.Operations, verdict.Figures.Ok, verdict.Figures.Unknown, verdict.Figures.Faults, verdict.Figures.Kills));
        Assert.Equal(1_514, verdict.Figures.LongestOutageMs);
    }

    [Fact]
    public void A_sandbox_that_is_given_to_two_is_found_at_the_moment_when_the_second_is_told()
    {
        var verdict = Judge(Recordings.Planted);
        Assert.Equal(ExitCode.Safety, verdict.Outcome);
        Assert.Contains("S0-10 was held by L0-31", Assert.Single(verdict.Violations, finding => finding.Check == "DoubleLeaseCheck").Sentence, StringComparison.Ordinal);
        Assert.Equal(2_120_000, verdict.FirstViolationAt);
    }

    [Fact]
    public void The_same_sandbox_is_no_violation_if_the_plane_had_given_it_up() =>
        Assert.Equal(ExitCode.Pass, Judge(Recordings.Planted.With(events: all => all.Append(new RunEvent { Kind = EventKind.SandboxEnded, Sandbox = "S0-10", Position = 42 }))).Outcome);

    [Fact]
    public void An_acknowledged_entry_that_is_not_in_the_journal_is_lost() => Finds(
        Recordings.Tiny.With(events: all => all.Where(happened => happened.Detail != "client-2/0")),
        "JournalCheck: client-2/0 was acknowledged at position 2 at 2.410000 s, and is not in the journal");

    [Fact]
    public void An_entry_that_is_there_twice_is_found() => Finds(
        Recordings.Tiny.With(events: all => all.Append(new RunEvent { Kind = EventKind.Entry, Position = 3, Detail = "client-1/0" })),
        "JournalCheck: client-1/0 is in the journal more than once, at 1, 3");

    [Fact]
    public void An_entry_that_nobody_appended_is_found() => Finds(
        Recordings.Tiny.With(events: all => all.Append(new RunEvent { Kind = EventKind.Entry, Position = 3, Detail = "client-9/0" })),
        "JournalCheck: client-9/0 is in the journal at 3, but nobody appended it");

    [Fact]
    public void Replicas_that_differ_are_found()
    {
        var run = Recordings.Tiny.With(events: all => all.Select(happened => happened is { Kind: EventKind.Replica, Node: "node-3" } ? happened with { ChainHash = "00ab" } : happened));
        Assert.Contains("node-3 has 00ab at 44", Assert.Single(Judge(run).Violations, finding => finding.Check == "ReplicaCheck").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replica_that_lacks_the_end_is_a_matter_of_liveness_if_the_plane_did_not_settle()
    {
        static IEnumerable<RunEvent> Lacking(IEnumerable<RunEvent> all) =>
            all.Select(happened => happened is { Kind: EventKind.Replica, Node: "node-3" } ? happened with { ChainHash = null, StateHash = null } : happened);
        Assert.Equal(ExitCode.Safety, Judge(Recordings.Tiny.With(events: Lacking)).Outcome);
        var unsettled = new RunEvent { Kind = EventKind.Recovered, What = "the same state", Unexpected = true, Detail = "node-3 says nothing" };
        Assert.Equal(ExitCode.Liveness, Judge(Recordings.Tiny.With(events: all => Lacking(all).Append(unsettled))).Outcome);
    }

    [Fact]
    public void A_node_that_ends_by_itself_is_found()
    {
        var run = Recordings.Tiny.With(events: all => all.Select(happened => happened.ExitCode == 137 ? happened with { ExitCode = 70, Unexpected = true } : happened));
        Assert.Contains("node-1 ended by itself with exit code 70", Assert.Single(Judge(run).Violations).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_that_is_listed_and_that_nobody_was_granted_is_an_orphan() => Finds(
        Recordings.Tiny.With(operations: all => all.Select(call => call.Kind == OperationKind.List ? call with { Leases = [new LeaseRecord("L0-50", "S0-10", "2.50", 10_000)] } : call)),
        "OrphanCheck: L0-50 on S0-10 is listed at 3.310000 s, and nobody was granted it");

    [Fact]
    public void A_holder_that_is_told_that_its_request_is_unknown_has_lost_its_lease() => Finds(
        Recordings.Tiny.With(operations: all => all.Append(new Operation { Kind = OperationKind.Lookup, From = 600_000, To = 610_000, Outcome = OperationOutcome.Denied, Client = 1, Request = $"{31:x32}" })),
        "LostAcknowledgementCheck: the holder of L0-31 on S0-10 with token 1.31 wanted to renew it");

    [Fact]
    public void A_wrong_answer_of_a_function_is_found() => Finds(
        Recordings.Tiny.With(operations: all => all.Select(call => call.Kind == OperationKind.Invoke ? call with { Reason = "wrong answer" } : call)),
        "AnswerCheck: S0-10 answered client 1 at 0.195000 s with what it was not sent");

    [Fact]
    public void An_allocation_that_takes_too_long_after_healing_is_a_matter_of_liveness()
    {
        var verdict = Judge(Recordings.Tiny.With(events: all => all.Select(happened => happened.What == "allocated" ? happened with { Millis = 12_000 } : happened)));
        Assert.Equal((ExitCode.Liveness, "LivenessCheck: after healing an allocation took 12000 ms, and may take 10s"), (verdict.Outcome, verdict.Delays[0].ToString()));
    }

    [Fact]
    public void A_plane_that_does_not_settle_is_a_matter_of_liveness() =>
        Assert.Equal(ExitCode.Liveness, Judge(Recordings.Tiny.With(events: all => all.Select(happened => happened.What == "settled" ? happened with { Unexpected = true, Detail = "nobody leads" } : happened))).Outcome);

    [Fact]
    public void A_run_that_did_not_come_to_its_end_or_did_too_little_says_nothing()
    {
        var verdict = Judge(Recordings.Tiny.With(operations: all => all.Take(3), events: all => all.Where(happened => happened.Kind != EventKind.Entry && happened.What is not ("end" or "kill"))));
        Assert.Equal(ExitCode.Unknown, verdict.Outcome);
        Assert.Equal(["the run did not come to its end", "only 3 operations were acknowledged, 5 are wanted", "only 0 faults were struck, 1 are wanted"], verdict.Gaps);
    }

    private static RunVerdict Judge(RunRecord run) => RunCheck.Judge(run, "again");

    private static void Finds(RunRecord run, string beginning)
    {
        var verdict = Judge(run);
        Assert.Equal(ExitCode.Safety, verdict.Outcome);
        Assert.StartsWith(beginning, Assert.Single(verdict.Violations).ToString(), StringComparison.Ordinal);
    }
}
