using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;

namespace ControlPlane.Journal.Tests;

/// <summary>Runs a scenario again and again, killed before its first change to the disk, before its second, and so on until it completes.</summary>
internal static class CrashPoints
{
    private const int PointsMax = 10_000;

    /// <summary>Returns the number of crash points tried.</summary>
    /// <param name="scenario">Uses the given disk for everything that may be interrupted.</param>
    /// <param name="afterwards">Looks at what was left; is told whether the scenario completed.</param>
    public static int Run(Action<IDisk, TemporaryDirectory> scenario, Action<TemporaryDirectory, bool> afterwards)
    {
        for (var point = 0; point < PointsMax; point++)
        {
            using var directory = new TemporaryDirectory();
            var completed = true;
            try
            {
                scenario(new FaultInjectingDisk(new PhysicalDisk()) { Rule = FaultInjectingDisk.StopBefore(point) }, directory);
            }
            catch (StorageFaultException)
            {
                completed = false;
            }

            afterwards(directory, completed);
            if (completed)
            {
                return point;
            }
        }

        throw new InvalidOperationException("The scenario never completes.");
    }
}
