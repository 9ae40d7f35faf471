namespace ControlPlane.WorkerManager;

/// <summary>
/// Mean and variance of a load from heartbeats, exponentially weighted. Predicts a peak as <c>mean + z·σ</c>: with
/// z = 3.72 a normal load stays below it 99.99 % of the time.
/// </summary>
internal sealed class LoadEstimate
{
    private const double Weight = 0.2;
    private const double PeakDeviations = 3.72;
    private double variance;
    private bool any;

    public double Mean { get; private set; }

    public double Last { get; private set; }

    public double Peak => Mean + (PeakDeviations * Math.Sqrt(variance));

    public void Observe(double value)
    {
        Last = value;
        if (!any)
        {
            any = true;
            Mean = value;
            return;
        }

        var difference = value - Mean;
        Mean += Weight * difference;
        variance = (1 - Weight) * (variance + (Weight * difference * difference));
    }
}
