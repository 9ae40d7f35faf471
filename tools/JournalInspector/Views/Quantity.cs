using System.Globalization;

namespace ControlPlane.JournalInspector.Views;

/// <summary>Numbers and durations for people.</summary>
internal static class Quantity
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Bytes(long value) => value switch
    {
        < 10_240 => string.Create(CultureInfo.InvariantCulture, $"{value:N0} B"),
        < 10L << 20 => string.Create(CultureInfo.InvariantCulture, $"{value / 1024.0:N1} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1048576.0:N1} MiB"),
    };

    public static string Rate(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.###}/s");

    /// <summary>"250ms", "1.5s", "3m 20s", "2h 5m", "4d 3h".</summary>
    public static string Duration(TimeSpan value) => value.Duration() switch
    {
        { TotalMilliseconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMicroseconds:0.#}us"),
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.###}ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.###}s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalMinutes}m {value.Seconds}s"),
        { TotalDays: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalHours}h {value.Minutes}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)value.TotalDays}d {value.Hours}h"),
    };
}
