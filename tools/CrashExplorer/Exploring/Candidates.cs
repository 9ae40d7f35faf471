using ControlPlane.CrashExplorer.Crashes;
using ControlPlane.CrashExplorer.Faults;
using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>Everything that is to be tried of one workload, made as it is asked for.</summary>
internal sealed class Candidates(ExplorationOptions options, IReadOnlyList<(string Says, DiskImage Image)> neighbours)
{
    private const int InputOutputError = 0;
    private const int NoSpace = 1;
    private static readonly string[] Crashes = [CrashKinds.Kill, CrashKinds.PowerCut, CrashKinds.TornSector];

    /// <summary>Each with the run that it belongs to.</summary>
    public IEnumerable<(WorkloadRun Run, Candidate Candidate)> Of(WorkloadRun run)
    {
        var depth = run.Workload.IsLarge ? options.Depth.Thinned() : options.Depth;
        var end = run.History.Changes.Count;
        for (var prefix = 0; prefix <= end; prefix++)
        {
            if (options.Kinds.Overlaps(Crashes) && prefix % depth.CrashEvery == 0)
            {
                foreach (var crash in CrashKinds.At(run.History, prefix, depth).Where(crash => options.Kinds.Contains(crash.Kind)))
                {
                    yield return (run, crash);
                }
            }

            if (options.Kinds.Contains(FaultKinds.InterruptedStart) && (depth.FaultEvery < 20 || prefix % 10 == 0))
            {
                foreach (var interrupted in InterruptedStarts(run, prefix))
                {
                    yield return (run, interrupted);
                }
            }

            if (prefix % depth.FaultEvery == 0 || prefix == end || (depth.FaultEvery < 20 && run.Book.ChangesAt(prefix)))
            {
                foreach (var (says, losses) in CrashKinds.Bases(run.History, prefix))
                {
                    foreach (var fault in FaultKinds.Of(new FaultSite(run, prefix, losses, says, depth, neighbours), options.Kinds))
                    {
                        yield return (run, fault);
                    }
                }
            }
        }

        foreach (var failed in options.Kinds.Contains(FaultKinds.IoError) ? IoErrors(run, depth) : [])
        {
            yield return failed;
        }
    }

    private static IEnumerable<Candidate> InterruptedStarts(WorkloadRun run, int prefix)
    {
        var ledger = run.Book.At(prefix);
        foreach (var (says, losses) in CrashKinds.Bases(run.History, prefix))
        {
            foreach (var policy in Policies.Of(run.Workload))
            {
                var image = run.History.Build(prefix, losses);
                RecordingDisk? recorder = null;
                Opening.Of(image, ledger.Closed, policy, run.Workload.IsLarge, disk => recorder = new RecordingDisk(disk));
                var start = History.Of(image, recorder!.Changes);
                for (var moment = 1; moment < start.Changes.Count; moment++)
                {
                    var unsynced = UnsyncedChanges.At(start, moment);
                    var at = moment;
                    var story = $"{says}; the start after it was interrupted before its {start.Changes[moment]}";
                    yield return new Candidate(FaultKinds.InterruptedStart, prefix, $"{story}: killed", Expectation.Recovers, () => start.Build(at, []));
                    if (!unsynced.IsEmpty)
                    {
                        yield return new Candidate(
                            FaultKinds.InterruptedStart, prefix, $"{story}: the power failed", Expectation.Recovers, () => start.Build(at, CrashKinds.All(unsynced.All)));
                    }
                }
            }
        }
    }

    // The process ends at the first fault. What it left in the cache is there, or not, when it starts again.
    private IEnumerable<(WorkloadRun Run, Candidate Candidate)> IoErrors(WorkloadRun run, Depth depth)
    {
        for (var change = 0; change < run.ChangesAsked; change += depth.IoErrorEvery)
        {
            for (var kind = InputOutputError; kind <= NoSpace; kind++)
            {
                var failed = WorkloadRun.Of(run.Workload, RuleOf(change, kind), options.Layer);
                var end = failed.History.Changes.Count;
                var story = kind == InputOutputError ? $"operation {change} met an I/O error" : $"operation {change} met a full disk";
                var unsynced = UnsyncedChanges.At(failed.History, end);
                if (failed.Failure is { } failure)
                {
                    yield return (failed, new Candidate(FaultKinds.IoError, end, story, Expectation.Recovers, () => null) { Broken = failure });
                    continue;
                }

                yield return (failed, new Candidate(FaultKinds.IoError, end, $"{story}, and the process ended", Expectation.Recovers, () => failed.History.Build(end, [])));
                yield return (failed, new Candidate(
                    FaultKinds.IoError, end, $"{story}, and the power failed: nothing unsynced survived", Expectation.Recovers, () => failed.History.Build(end, CrashKinds.All(unsynced.All))));
                yield return (failed, new Candidate(
                    FaultKinds.IoError, end, $"{story}, and the power failed: no unsynced bytes survived", Expectation.Recovers, () => failed.History.Build(end, CrashKinds.All(unsynced.Writes))));
            }
        }
    }

    private static Func<DiskOperation, DiskFault?> RuleOf(int change, int kind)
    {
        var seen = 0;
        return operation => !FaultInjectingDisk.ChangesTheDisk(operation.Kind) || seen++ != change ? null
            : kind == InputOutputError ? DiskFault.InputOutputError
            : operation.Kind == DiskOperationKind.Write ? new DiskFault.ShortWrite((int)(operation.Length / 2 / Change.SectorBytes * Change.SectorBytes), "No space left on device (errno 28, injected)")
            : DiskFault.NoSpace;
    }
}
