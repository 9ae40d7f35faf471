using System.Globalization;

namespace ControlPlane.Scenarios;

/// <summary>Times as scenario files write them: <c>500ms</c>, <c>3s</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>, with a minus for a clock that jumps back.</summary>
public static class TimeText
{
    /// <summary>What the schema says of a time.</summary>
    public const string Pattern = "^-?[0-9]+(\\.[0-9]+)?(us|ms|s|m|h)$";

    private static readonly (string Unit, double Milliseconds)[] Units = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1), ("us", 0.001)];

    /// <summary>Reads a time.</summary>
    public static bool TryRead(string text, out TimeSpan time)
    {
        time = default;
        var digits = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var unit = Units.FirstOrDefault(one => one.Unit == text[digits..]);
        if (unit.Unit is null || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var milliseconds = number * unit.Milliseconds;
        if (Math.Abs(milliseconds) > TimeSpan.FromDays(3_650).TotalMilliseconds)
        {
            return false;
        }

        time = TimeSpan.FromMicroseconds(Math.Round(milliseconds * 1_000));
        return true;
    }

    /// <summary>Writes a time in the largest unit that needs no fraction.</summary>
    public static string Of(TimeSpan time)
    {
        var microseconds = (long)time.TotalMicroseconds;
        foreach (var (unit, milliseconds) in Units)
        {
            var size = (long)(milliseconds * 1_000);
            if (microseconds % size == 0 && (microseconds != 0 || unit == "s"))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{microseconds / size}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{microseconds}us");
    }
}
