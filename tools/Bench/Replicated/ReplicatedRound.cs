using ControlPlane.Bench.Load;

namespace ControlPlane.Bench.Replicated;

/// <summary>One measurement of one subject.</summary>
/// <param name="Concurrency">Clients at a time.</param>
/// <param name="Subject">Who was asked.</param>
/// <param name="Round">From 1; the subjects of one round were measured right after one another.</param>
/// <param name="Measured">What it showed.</param>
/// <param name="WakeUps">Of the servers' threads, in all.</param>
/// <param name="ClientCpu">CPU time of this process, which generates the load.</param>
internal sealed record ReplicatedRound(int Concurrency, string Subject, int Round, Measured Measured, long WakeUps, TimeSpan ClientCpu)
{
    public double P50 => Measured.Latencies.At(50);

    public double P99 => Measured.Latencies.At(99);

    public double ClientCpuEach => Measured.Cycles == 0 ? 0 : ClientCpu.TotalMicroseconds / Measured.Cycles;

    public double WakeUpsEach => Measured.Cycles == 0 ? 0 : (double)WakeUps / Measured.Cycles;
}
