using System.Collections.Concurrent;
using System.Diagnostics;
using ControlPlane.CrashExplorer.Crashes;
using ControlPlane.CrashExplorer.Faults;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>
/// Runs workloads, makes the images that crashes and faults may leave of them, starts the real storage from each, and judges what it finds.
/// The same options give the same images in every run.
/// </summary>
internal sealed class Explorer(ExplorationOptions options)
{
    private const int SecondStartOneIn = 8;
    private readonly ConcurrentDictionary<(UInt128 Image, int Run, int Ledger, Expectation Expectation), bool> _seen = new();
    private readonly ConcurrentDictionary<(string Workload, string Kind), Tally> _tallies = new();
    private readonly ConcurrentQueue<Violation> _violations = new();
    private readonly List<string> _uncovered = [];

    /// <summary>Counts so far; any thread, while it runs.</summary>
    public (long Images, long Distinct, int Violations) Progress =>
        (_tallies.Values.Sum(tally => tally.Images), _tallies.Values.Sum(tally => tally.Distinct), _violations.Count);

    /// <summary>The workload at hand; any thread.</summary>
    public string Current { get; private set; } = string.Empty;

    public ExplorationResult Run()
    {
        var clock = Stopwatch.StartNew();
        var neighbours = Stage.Others.Select(other => (other.Says, NeighbourOf(other.Identity))).ToArray();
        foreach (var workload in options.Workloads)
        {
            Current = workload.Name;
            Explore(workload, neighbours);
        }

        var kinds = FaultKinds.All.Select(kind => kind.Name).ToArray();
        foreach (var kind in kinds.Where(options.Kinds.Contains))
        {
            if (!_tallies.Values.Any(tally => tally.Kind == kind))
            {
                _uncovered.Add($"no image of kind {kind}");
            }
        }

        var tallies = options.Workloads.SelectMany(workload => kinds.Select(kind => _tallies.GetValueOrDefault((workload.Name, kind))));
        return new ExplorationResult([.. tallies.OfType<Tally>()], [.. _violations.OrderBy(violation => violation.Prefix)], _uncovered, clock.Elapsed);
    }

    private static DiskImage NeighbourOf(Journal.Replica.ReplicaIdentity identity)
    {
        var run = WorkloadRun.Of(WorkloadList.Neighbour, identity: identity);
        return run.History.At(run.History.Changes.Count);
    }

    private void Explore(Workload workload, IReadOnlyList<(string Says, DiskImage Image)> neighbours)
    {
        // Images of different workloads are judged by different ledgers.
        _seen.Clear();
        var run = WorkloadRun.Of(workload, layer: options.Layer);
        if (run.Failure is { } failure)
        {
            _violations.Enqueue(new Violation(
                workload, "run", run.History.Changes.Count, "nothing special happened", failure, DamagePolicy.Refuse, Expectation.Recovers, run.Book.Last, Image: null));
            return;
        }

        if (run.Stopped is { } stopped)
        {
            _uncovered.Add($"workload {workload.Name} stopped: {stopped.Message}");
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs };
        var candidates = new Candidates(options, neighbours).Of(run).TakeWhile(_ => _violations.Count < options.ViolationsMax);
        Parallel.ForEach(Partitioner.Create(candidates, EnumerablePartitionerOptions.NoBuffering), parallel, entry => Try(entry.Run, entry.Candidate));
    }

    private void Try(WorkloadRun run, Candidate candidate)
    {
        var ledger = run.Book.At(candidate.Prefix);
        if (candidate.Broken is { } broken)
        {
            _violations.Enqueue(new Violation(
                run.Workload, candidate.Kind, candidate.Prefix, candidate.Says, broken, DamagePolicy.Refuse, candidate.Expectation, ledger, Image: null));
        }

        if (candidate.Build() is not { } image)
        {
            return;
        }

        var hash = image.Hash();
        var isNew = _seen.TryAdd((hash, run.Number, ledger.Version, candidate.Expectation), true);
        var tally = _tallies.GetOrAdd((run.Workload.Name, candidate.Kind), key => new Tally(key.Workload, key.Kind));
        tally.CountImage(isNew);
        if (!isNew)
        {
            return;
        }

        foreach (var policy in Policies.Of(run.Workload))
        {
            var verdict = VerdictOf(run, candidate, image, hash, ledger, policy);
            tally.Count(verdict.Outcome);
            if (verdict.Outcome == Outcome.Violation)
            {
                _violations.Enqueue(new Violation(
                    run.Workload, candidate.Kind, candidate.Prefix, candidate.Says, verdict.Why!, policy, candidate.Expectation, ledger, image));
            }
        }
    }

    private Verdict VerdictOf(WorkloadRun run, Candidate candidate, DiskImage image, UInt128 hash, Ledger ledger, DamagePolicy policy)
    {
        var trial = new Trial(ledger, candidate.Expectation, policy, run.Workload.IsLarge)
        {
            StartsTwice = candidate.Expectation == Expectation.Recovers || hash % SecondStartOneIn == 0,
            GoesOn = hash % (UInt128)options.Depth.ContinueOneIn == 0,
        };
        var verdict = trial.Of(image);
        return verdict.Outcome != Outcome.Violation || candidate.Expectation == Expectation.Recovers ? verdict
            : IsOfAnEarlierMoment(run, candidate, image, policy) ? new Verdict(Outcome.Undecidable)
            : verdict.IsLossOfTheLast && candidate.IsAfterPowerCut && FaultKinds.LosesBytes(candidate.Kind) ? new Verdict(Outcome.Unproven)
            : verdict;
    }

    // No program can tell the two apart, so only what was known then can be asked for.
    private static bool IsOfAnEarlierMoment(WorkloadRun run, Candidate candidate, DiskImage image, DamagePolicy policy)
    {
        if (HonestPast.Of(run.History, candidate.Prefix, image) is not { } moment)
        {
            return false;
        }

        return new Trial(run.Book.At(moment), Expectation.Recovers, policy, run.Workload.IsLarge).Of(image).Outcome != Outcome.Violation;
    }
}
