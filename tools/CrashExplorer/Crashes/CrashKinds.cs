using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Crashes;

/// <summary>
/// What a kill, or a power cut, may leave at one moment of a history: what was not synced survives or not, in any combination, sector by sector.
/// All combinations are too many: singles, prefixes, suffixes, every subset of the sectors of the last writes, and some that are drawn.
/// </summary>
internal static class CrashKinds
{
    public const string Kill = "kill";
    public const string PowerCut = "power-cut";
    public const string TornSector = "torn-sector";

    private const int LastWrites = 2;
    private const int SelectedSectorsMax = 24;

    public static IEnumerable<Candidate> At(History history, int prefix, Depth depth)
    {
        yield return new Candidate(Kill, prefix, "the process was killed; everything written is there", Expectation.Recovers, () => history.Build(prefix, []));
        var unsynced = UnsyncedChanges.At(history, prefix);
        foreach (var (says, losses) in PowerCuts(unsynced, depth))
        {
            yield return new Candidate(PowerCut, prefix, $"the power failed: {says}", Expectation.Recovers, () => history.Build(prefix, losses));
        }

        foreach (var (says, losses) in TornSectors(unsynced))
        {
            yield return new Candidate(TornSector, prefix, $"the power failed: {says}", Expectation.RecoversOrRefuses, () => history.Build(prefix, losses));
        }
    }

    /// <summary>The two images at a moment that single faults are put on top of.</summary>
    public static IEnumerable<(string Says, IReadOnlyList<Loss> Losses)> Bases(History history, int prefix)
    {
        yield return ("everything written is there", []);
        var unsynced = UnsyncedChanges.At(history, prefix);
        if (!unsynced.IsEmpty)
        {
            yield return ("nothing unsynced survived a power cut", All(unsynced.All));
        }
    }

    public static Loss[] All(IEnumerable<Change> changes) => [.. changes.Select(change => new Loss(change.Index))];

    private static IEnumerable<(string Says, Loss[] Losses)> PowerCuts(UnsyncedChanges unsynced, Depth depth)
    {
        if (unsynced.IsEmpty)
        {
            yield break;
        }

        var all = unsynced.All.ToArray();
        yield return ("nothing unsynced survived", All(all));
        if (unsynced.Writes.Count > 0 && unsynced.Names.Count > 0)
        {
            yield return ("the names survived, no unsynced bytes", All(unsynced.Writes));
            yield return ("the bytes survived, no unsynced names", All(unsynced.Names));
        }

        if (all.Length > 1)
        {
            foreach (var one in all)
            {
                yield return ($"of what was unsynced only {one} was lost", All([one]));
                yield return ($"of what was unsynced only {one} survived", All(all.Where(other => other != one)));
            }

            for (var kept = 1; kept < all.Length; kept++)
            {
                yield return ($"what was unsynced survived before {all[kept]}", All(all[kept..]));
            }
        }

        foreach (var write in unsynced.Writes.TakeLast(LastWrites).Reverse())
        {
            foreach (var (says, sectors) in SectorSubsets(write, depth))
            {
                var torn = new Loss(write.Index) { Sectors = sectors };
                yield return ($"{says} of {write} were lost", [torn]);
                if (all.Length > 1)
                {
                    yield return ($"{says} of {write} were lost, and all else that was unsynced", [torn, .. All(all.Where(other => other != write))]);
                }
            }
        }
    }

    private static IEnumerable<(string Says, HashSet<long> Sectors)> SectorSubsets(Change write, Depth depth)
    {
        var (first, end) = write.Sectors;
        var count = (int)(end - first);
        if (count <= 1)
        {
            yield break;
        }

        if (count <= depth.SectorsMax)
        {
            for (var bits = 1; bits < (1 << count) - 1; bits++)
            {
                var chosen = bits;
                yield return Named(write, sector => ((chosen >> (int)(sector - first)) & 1) != 0);
            }

            yield break;
        }

        var step = Math.Max(1, count / SelectedSectorsMax);
        for (var at = first; at < end; at += step)
        {
            var chosen = at;
            yield return Named(write, sector => sector == chosen);
            if (at > first)
            {
                yield return Named(write, sector => sector >= chosen);
                yield return Named(write, sector => sector < chosen);
            }
        }

        yield return Named(write, sector => sector % 2 == 0);
        for (var draw = 0; draw < depth.RandomSubsets; draw++)
        {
            var seed = draw;
            yield return Named(write, sector => Draw.Below(2, write.Index, seed, sector) == 0);
        }
    }

    private static (string Says, HashSet<long> Sectors) Named(Change write, Func<long, bool> isLost)
    {
        var sectors = new HashSet<long>();
        for (var sector = write.Sectors.First; sector < write.Sectors.End; sector++)
        {
            if (isLost(sector))
            {
                sectors.Add(sector);
            }
        }

        return ($"sectors {string.Join(' ', sectors)} (of {write.Sectors.First} to {write.Sectors.End - 1})", sectors);
    }

    private static IEnumerable<(string Says, Loss[] Losses)> TornSectors(UnsyncedChanges unsynced)
    {
        foreach (var write in unsynced.Writes.TakeLast(LastWrites).Where(write => write.Kind != Journal.Disk.DiskOperationKind.ZeroFill))
        {
            var (first, end) = write.Sectors;
            foreach (var sector in new[] { first, first + ((end - first) / 2), end - 1 }.Distinct())
            {
                foreach (var bytes in new[] { 1, 24, 100, 256, 511 })
                {
                    var torn = new Loss(write.Index) { Sectors = new HashSet<long> { sector }, TornAfter = bytes };
                    yield return ($"of sector {sector} of {write} only the first {bytes} bytes arrived", [torn]);
                    yield return ($"of sector {sector} of {write} the first {bytes} bytes did not arrive", [torn with { IsEndThatArrives = true }]);
                }
            }
        }
    }
}
