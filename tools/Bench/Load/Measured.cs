namespace ControlPlane.Bench.Load;

/// <summary>What one run of a load showed.</summary>
/// <param name="Latencies">Of the measured call.</param>
/// <param name="Cycles">Complete cycles.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="ServerCpu">CPU time of the node's process.</param>
/// <param name="Failures">Cycles that ended with an error; the first is told.</param>
/// <param name="FirstFailure">Its message.</param>
internal sealed record Measured(Latencies Latencies, long Cycles, TimeSpan Elapsed, TimeSpan ServerCpu, long Failures, string? FirstFailure)
{
    public double PerSecond => Cycles / Elapsed.TotalSeconds;

    public double CpuMicrosecondsPerCycle => Cycles == 0 ? 0 : ServerCpu.TotalMicroseconds / Cycles;

    /// <summary>Two runs as one.</summary>
    public Measured Plus(Measured other)
    {
        var latencies = new Latencies();
        latencies.Add(Latencies);
        latencies.Add(other.Latencies);
        return new Measured(
            latencies, Cycles + other.Cycles, Elapsed + other.Elapsed, ServerCpu + other.ServerCpu, Failures + other.Failures, FirstFailure ?? other.FirstFailure);
    }
}
