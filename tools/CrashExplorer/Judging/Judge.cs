using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;
using ControlPlane.Primitives;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.CrashExplorer.Judging;

/// <summary>Compares what an opening found with what the world outside knows. Pure.</summary>
internal static class Judge
{
    public static Verdict Of(OpeningFacts facts, Ledger ledger, Expectation expectation)
    {
        if (facts.Crash is { } crash)
        {
            return Verdict.Violation($"the start neither succeeded nor refused: {crash}");
        }

        if (RegisterViolation(facts, ledger, expectation) is { } register)
        {
            return Verdict.Violation(register);
        }

        return facts.IsOpen ? OfOpen(facts, ledger, expectation) : OfRefusal(facts, ledger, expectation);
    }

    private static Verdict OfRefusal(OpeningFacts facts, Ledger ledger, Expectation expectation)
    {
        if (!ledger.IsCreated && facts.Reason is RefusalReason.NoReplica or RefusalReason.ForeignDirectory)
        {
            return new Verdict(Outcome.Refused);
        }

        return expectation == Expectation.Recovers ? Verdict.Violation($"the disk kept its word, and the start refused: {facts.Refusal}")
            : Unspecific(facts) is { } unspecific ? Verdict.Violation(unspecific)
            : new Verdict(Outcome.Refused);
    }

    private static string? Unspecific(OpeningFacts facts)
    {
        var isOfBytes = facts.Reason is RefusalReason.AcknowledgedDamaged or RefusalReason.UnexplainedDamage;
        return !facts.Refusal!.Contains(Stage.Root, StringComparison.Ordinal) ? $"the refusal names no file: {facts.Refusal}"
            : isOfBytes && !facts.Refusal.Contains("at byte", StringComparison.Ordinal) ? $"the refusal names no byte: {facts.Refusal}"
            : null;
    }

    private static Verdict OfOpen(OpeningFacts facts, Ledger ledger, Expectation expectation)
    {
        var mustBeWhole = expectation == Expectation.Recovers;
        var isWhole = facts.Promise.IsWhole || (facts.Policy == DamagePolicy.Refuse && facts.Promise != ReplicaPromise.Lost);
        if (MatchingJournals(facts, ledger) is not [_, ..] journals)
        {
            return Verdict.Violation(Foreign(facts, ledger));
        }

        if (PromiseViolation(facts, ledger, expectation) is { } promise)
        {
            return Verdict.Violation(promise);
        }

        if (AcceptorViolation(facts, ledger, expectation) is { } acceptor)
        {
            return Verdict.Violation(acceptor);
        }

        if (!isWhole)
        {
            return mustBeWhole && !ledger.Whole.Contains(false)
                ? Verdict.Violation($"the disk kept its word, and the replica is not whole (it holds the entries up to {facts.End.Last})")
                : new Verdict(ledger.Whole.Contains(false) && mustBeWhole ? Outcome.Recovered : Outcome.Repaired);
        }

        if (!ledger.Whole.Contains(true))
        {
            return Verdict.Violation("a replica that was not whole says that it is");
        }

        if (journals.All(claim => claim.Acknowledged > facts.End.Last.Value))
        {
            var why = $"acknowledged entries are gone in silence: told up to {journals.Min(claim => claim.Acknowledged)}, found up to {facts.End.Last}";
            return Verdict.Violation(why) with { IsLossOfTheLast = true };
        }

        return ReadingViolation(facts, ledger, expectation) is { } reading ? Verdict.Violation(reading)
            : facts.ReadRefusal is null ? new Verdict(Outcome.Recovered)
            : new Verdict(Outcome.Refused);
    }

    // The end's hash covers every entry before it, the bytes that were read are compared besides.
    private static JournalClaim[] MatchingJournals(OpeningFacts facts, Ledger ledger)
    {
        var end = facts.End.Last.Value;
        return [.. ledger.Journals.Where(claim =>
            end <= (ulong)claim.Entries.Count
            && (end == 0 || (claim.Entries[(int)end - 1].Hash == facts.End.LastHash && claim.Entries[(int)end - 1].EndsAppend))
            && facts.Held.Select((hash, i) => (Hash: hash, Position: facts.Head + (ulong)i))
                .All(held => held.Position <= end && claim.Entries[(int)held.Position - 1].Hash == held.Hash))];
    }

    private static string Foreign(OpeningFacts facts, Ledger ledger)
    {
        var end = facts.End.Last.Value;
        var submitted = ledger.Journals.Max(claim => claim.Entries.Count);
        return end > (ulong)submitted
            ? $"the journal ends at {end}, and only {submitted} entries were ever submitted"
            : $"the journal up to {end} holds what was never submitted there, in this order, or half of an append";
    }

    private static string? PromiseViolation(OpeningFacts facts, Ledger ledger, Expectation expectation)
    {
        var found = facts.Promise with { IsWhole = true };
        if (ledger.Promises.Contains(found))
        {
            return null;
        }

        var isKnownToBeLost = facts.Promise == ReplicaPromise.Lost && facts.Policy == DamagePolicy.RollBack;
        return isKnownToBeLost && expectation == Expectation.RecoversOrRefuses
            ? null
            : $"a promise is forgotten: told {ledger.Promises[0]}, found {facts.Promise}";
    }

    private static string? AcceptorViolation(OpeningFacts facts, Ledger ledger, Expectation expectation) =>
        facts.Acceptor is { } found && !ledger.Acceptors.Contains(found) ? $"the acceptor has forgotten: told [{ledger.Acceptors[0]}], found [{found}]"
        : facts.Acceptor is null && expectation == Expectation.Recovers ? $"the disk kept its word, and the acceptor refused: {facts.AcceptorRefusal}"
        : null;

    private static string? RegisterViolation(OpeningFacts facts, Ledger ledger, Expectation expectation) =>
        ledger.Registers.IsEmpty ? null
        : facts.Register is { } found && !ledger.Registers.Contains(found) ? $"the register has forgotten: told [{ledger.Registers[0]}], found [{found}]"
        : facts.Register is null && expectation == Expectation.Recovers ? $"the disk kept its word, and the register refused: {facts.RegisterRefusal}"
        : null;

    private static string? ReadingViolation(OpeningFacts facts, Ledger ledger, Expectation expectation)
    {
        var end = facts.End.Last.Value;
        if (facts.Head > Math.Max(1, ledger.TrimmedBelow) && facts.Head > end + 1)
        {
            return $"the journal begins at {facts.Head}, behind its end {end}";
        }

        var snapshot = facts.Snapshots.Count > 0 ? facts.Snapshots[0].Position : 0;
        if (facts.Head > 1 && facts.Head > snapshot + 1)
        {
            return $"entries {snapshot + 1} to {facts.Head - 1} are in no snapshot and no segment, and nothing says so";
        }

        if (facts.Head > ledger.TrimmedBelow && facts.Head <= end && expectation == Expectation.Recovers)
        {
            return $"entries below {facts.Head} are gone, and only those below {ledger.TrimmedBelow} were to be trimmed";
        }

        if (facts.Snapshots.FirstOrDefault(found => !ledger.Snapshots.Contains(found.Position) || !IsOfHistory(found, ledger)) is { Position: > 0 } strange)
        {
            return $"a snapshot at {strange.Position} counts that was never taken";
        }

        return facts.ReadRefusal is null || expectation == Expectation.RecoversOrRefuses
            ? null
            : $"the disk kept its word, and reading refused: {facts.ReadRefusal}";
    }

    private static bool IsOfHistory((ulong Position, ChainHash Hash) snapshot, Ledger ledger) => ledger.Journals.Any(claim =>
        snapshot.Position <= (ulong)claim.Entries.Count && claim.Entries[(int)snapshot.Position - 1].Hash == snapshot.Hash);
}
