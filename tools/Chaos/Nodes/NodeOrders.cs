using System.Globalization;

namespace ControlPlane.Chaos.Nodes;

/// <summary>
/// What a node that can be made to fail is told, a line each on its standard input. Only <c>controlplane-chaos node</c> understands it: the
/// production binary has no such door.
/// </summary>
internal static class NodeOrders
{
    public static string DiskFails(int operations) => string.Create(CultureInfo.InvariantCulture, $"disk fail {operations}");

    public static string DiskIsFull(bool isFull) => isFull ? "disk full" : "disk room";

    public static string DiskStalls(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"disk stall {(long)time.TotalMilliseconds}");

    public static string DiskTears(long seed) => string.Create(CultureInfo.InvariantCulture, $"disk tear {seed}");

    public static string DiskLies() => "disk lie";

    public static string CutPower(long seed) => string.Create(CultureInfo.InvariantCulture, $"power cut {seed}");

    public static string KillAt(string point) => $"kill {point}";

    public static string ClockJumps(TimeSpan by) => string.Create(CultureInfo.InvariantCulture, $"clock jump {(long)by.TotalMilliseconds}");

    public static string ClockRuns(double rate) => string.Create(CultureInfo.InvariantCulture, $"clock rate {rate}");
}
