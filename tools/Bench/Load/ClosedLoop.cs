using System.Diagnostics;
using Grpc.Core;

namespace ControlPlane.Bench.Load;

/// <summary>A fixed number of clients, each making the next call when the last was answered: for peaks, and for latency without a queue.</summary>
internal static class ClosedLoop
{
    public static async Task<Measured> RunAsync(ILoad load, int concurrency, TimeSpan duration, Func<TimeSpan> serverCpu, CancellationToken cancellation)
    {
        var all = new Latencies();
        var gate = new Lock();
        long cycles = 0;
        long failures = 0;
        string? firstFailure = null;
        var cpu = serverCpu();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(client => Task.Run(
            async () =>
            {
                var mine = new Latencies();
                while (Stopwatch.GetElapsedTime(start) < duration)
                {
                    cancellation.ThrowIfCancellationRequested();
                    try
                    {
                        mine.Record(await load.CycleAsync(client));
                    }
                    catch (RpcException e)
                    {
                        Interlocked.Increment(ref failures);
                        Interlocked.CompareExchange(ref firstFailure, e.Status.ToString(), null);
                    }
                }

                lock (gate)
                {
                    all.Add(mine);
                    cycles += mine.Count;
                }
            },
            cancellation)));
        return new Measured(all, cycles, Stopwatch.GetElapsedTime(start), serverCpu() - cpu, failures, firstFailure);
    }
}
