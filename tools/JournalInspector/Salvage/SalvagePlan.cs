using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary>What goes into the new directory: entries of one run, and the whole snapshots that they agree with.</summary>
/// <param name="Run">Null: no entries, only a snapshot.</param>
/// <param name="Start">First entry; behind the snapshot if there are no entries.</param>
/// <param name="End">Last entry; the snapshot's position if there are no entries.</param>
/// <param name="Snapshots">Positions, ascending.</param>
internal sealed record SalvagePlan(EntryRun? Run, SequenceNumber Start, SequenceNumber End, IReadOnlyList<SequenceNumber> Snapshots)
{
    public bool HasEntries => End >= Start;

    /// <summary>True if the entry is in the new directory.</summary>
    public bool Keeps(SequenceNumber position) => position >= Start && position <= End;

    /// <summary>
    /// The choice: a journal must begin at its first entry or join a whole snapshot, and has no gap. Of those possible the one
    /// that reaches furthest, because the newest state is worth more than history; then the one with more history. Null if
    /// nothing can be opened again.
    /// </summary>
    public static SalvagePlan? Choose(IReadOnlyList<EntryRun> runs, IReadOnlyList<SnapshotHeader> snapshots) =>
        Candidates(runs, snapshots).OrderByDescending(plan => plan.End).ThenBy(plan => plan.Start).FirstOrDefault();

    private static IEnumerable<SalvagePlan> Candidates(IReadOnlyList<EntryRun> runs, IReadOnlyList<SnapshotHeader> snapshots)
    {
        foreach (var run in runs)
        {
            if (run.First == SequenceNumber.First && run.LastWhole >= run.First)
            {
                yield return Of(run, run.First, snapshots);
            }

            foreach (var snapshot in snapshots.Where(snapshot => run.HashAt(snapshot.Applied.Last) == snapshot.Applied.LastHash))
            {
                var behind = snapshot.Applied.Tail;
                if (run.LastWhole >= snapshot.Applied.Last)
                {
                    yield return Of(run, run.FirstWhole < behind ? run.FirstWhole : behind, snapshots);
                }
            }
        }

        foreach (var snapshot in snapshots)
        {
            yield return new SalvagePlan(null, snapshot.Applied.Tail, snapshot.Applied.Last, [snapshot.Applied.Last]);
        }
    }

    private static SalvagePlan Of(EntryRun run, SequenceNumber start, IReadOnlyList<SnapshotHeader> snapshots) => new(
        run,
        start,
        run.LastWhole,
        [
            .. snapshots
                .Where(snapshot => snapshot.Applied.Tail >= start && snapshot.Applied.Last <= run.LastWhole)
                .Where(snapshot => run.HashAt(snapshot.Applied.Last) == snapshot.Applied.LastHash)
                .Select(snapshot => snapshot.Applied.Last)
                .Order(),
        ]);
}
