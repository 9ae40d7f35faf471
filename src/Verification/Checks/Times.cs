using System.Globalization;

namespace ControlPlane.Verification.Checks;

/// <summary>Times of a history as they stand in sentences.</summary>
internal static class Times
{
    public static string Show(TimeSpan time) => time.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture) + " s";
}
