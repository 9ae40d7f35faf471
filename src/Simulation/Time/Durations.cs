using System.Globalization;

namespace ControlPlane.Simulation.Time;

/// <summary>Virtual nanoseconds, said in larger units.</summary>
internal static class Durations
{
    public const long Microsecond = 1_000;
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;

    public static TimeSpan ToTimeSpan(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / 100);

    public static long Of(TimeSpan time) => time.Ticks * 100;

    public static string Show(long nanoseconds) => (nanoseconds / 1e9).ToString("0.000000", CultureInfo.InvariantCulture) + " s";
}
