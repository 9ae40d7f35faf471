using System.CommandLine.Parsing;
using System.Globalization;

namespace ControlPlane.Cpctl;

/// <summary>Durations as people write them: <c>250ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>. The unit is not optional: a bare 30 means nothing.</summary>
internal readonly record struct Duration(TimeSpan Value)
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    public static Duration FromSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));

    public static Duration FromMilliseconds(double milliseconds) => new(TimeSpan.FromMilliseconds(milliseconds));

    public static bool TryParse(string text, out Duration duration)
    {
        foreach (var (unit, milliseconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds <= TimeSpan.FromDays(1).TotalMilliseconds)
            {
                duration = FromMilliseconds(number * milliseconds);
                return true;
            }
        }

        duration = default;
        return text == "0";
    }

    /// <summary>For an option.</summary>
    public static Duration Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!TryParse(text, out var duration))
        {
            result.AddError($"'{text}' is not a duration of at most a day: write 250ms, 30s, 5m or 2h");
        }

        return duration;
    }

    /// <summary>As short as it can be read: <c>59.9s</c>, <c>4m</c>; also how defaults stand in the help.</summary>
    public override string ToString() => Value switch
    {
        { Ticks: 0 } => "0",
        { TotalMilliseconds: < 1_000 } => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalMilliseconds:0.#}ms"),
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalSeconds:0.#}s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalMinutes:0.#}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Value.TotalHours:0.#}h"),
    };
}
