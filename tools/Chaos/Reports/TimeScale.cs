namespace ControlPlane.Chaos.Reports;

/// <summary>Where a time lies in the drawing. Times are microseconds on the run's clock.</summary>
internal sealed record TimeScale(long Begin, long End)
{
    public const double Left = 92;
    public const double Right = 1_192;
    public const double Width = 1_200;

    private static readonly double[] Steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 3_600];

    /// <summary>From the left border of the lanes to the right one.</summary>
    public double X(long at) => Left + ((Right - Left) * Math.Clamp((at - Begin) / (double)Math.Max(1, End - Begin), 0, 1));

    /// <summary>Round times, about a dozen.</summary>
    public IEnumerable<long> Ticks
    {
        get
        {
            var step = (long)(Steps.FirstOrDefault(one => (End - Begin) / 1e6 / one <= 14, Steps[^1]) * 1e6);
            for (var at = (Begin + step - 1) / step * step; at <= End; at += step)
            {
                yield return at;
            }
        }
    }

    public static string Show(long at) => FormattableString.Invariant($"{at / 1e6:0.000} s");
}
