using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;

namespace ControlPlane.Journal.Tests;

/// <summary>
/// Runs a scenario again and again, stopped before its first change to the disk, before its second, and so on until it
/// completes; at each point once by a kill, and by power cuts that lose all, or some, of what was not synced.
/// </summary>
internal static class CrashPoints
{
    private const int PointsMax = 10_000;
    private static readonly Func<int, Func<bool>>[] PowerCuts = [_ => () => false, Seeded];

    /// <summary>Returns the number of crash points tried.</summary>
    /// <param name="scenario">Uses the given disk for everything that may be interrupted.</param>
    /// <param name="afterwards">Looks at what was left; is told whether the scenario completed.</param>
    public static int Run(Action<IDisk, TemporaryDirectory> scenario, Action<TemporaryDirectory, bool> afterwards)
    {
        for (var point = 0; point < PointsMax; point++)
        {
            var completed = Try(point, survives: null, scenario, afterwards);
            foreach (var powerCut in PowerCuts)
            {
                Assert.Equal(completed, Try(point, powerCut(point), scenario, afterwards));
            }

            if (completed)
            {
                return point;
            }
        }

        throw new InvalidOperationException("The scenario never completes.");
    }

    private static bool Try(
        int point, Func<bool>? survives, Action<IDisk, TemporaryDirectory> scenario, Action<TemporaryDirectory, bool> afterwards)
    {
        using var directory = new TemporaryDirectory();
        var cache = new PowerCutDisk(new PhysicalDisk());
        var completed = true;
        try
        {
            scenario(new FaultInjectingDisk(cache) { Rule = FaultInjectingDisk.StopBefore(point) }, directory);
        }
        catch (StorageFaultException)
        {
            completed = false;
        }

        if (survives is not null)
        {
            cache.CutPower(survives);
        }

        afterwards(directory, completed);
        return completed;
    }

    private static Func<bool> Seeded(int seed)
    {
        var random = new Random(seed);
        return () => random.Next(2) == 0;
    }
}
