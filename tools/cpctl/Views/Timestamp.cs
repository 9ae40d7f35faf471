using System.Globalization;

namespace ControlPlane.Cpctl;

/// <summary>Journal times for output: UTC, ISO 8601, milliseconds.</summary>
internal static class Timestamp
{
    public static string OfUnixNanoseconds(long nanoseconds) =>
        DateTime.UnixEpoch.AddTicks(nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
