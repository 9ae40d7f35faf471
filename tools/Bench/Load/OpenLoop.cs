using System.Diagnostics;
using Grpc.Core;

namespace ControlPlane.Bench.Load;

/// <summary>
/// Calls that arrive by a schedule, whether or not earlier ones were answered; each latency counts from the intended start, so that a
/// stall is charged to every call that it held up (no coordinated omission). At most <see cref="OutstandingMax"/> are under way; beyond,
/// arrivals are late, and their lateness counts.
/// </summary>
internal static class OpenLoop
{
    public const int OutstandingMax = 4096;

    public static async Task<Measured> RunAsync(ILoad load, double perSecond, TimeSpan duration, Func<TimeSpan> serverCpu, CancellationToken cancellation)
    {
        var all = new Latencies();
        var gate = new Lock();
        long failures = 0;
        string? firstFailure = null;
        using var places = new SemaphoreSlim(OutstandingMax);
        var interval = TimeSpan.FromSeconds(1 / perSecond);
        var count = (long)(duration.TotalSeconds * perSecond);
        var cpu = serverCpu();
        var start = Stopwatch.GetTimestamp();
        for (long i = 0; i < count; i++)
        {
            var intended = i * interval;
            while (Stopwatch.GetElapsedTime(start) is var now && now < intended)
            {
                // Timers are coarser than the gaps: sleep for the long ones, give way for the short ones.
                if (intended - now > TimeSpan.FromMilliseconds(2))
                {
                    await Task.Delay(1, cancellation);
                }
                else
                {
                    await Task.Yield();
                }
            }

            await places.WaitAsync(cancellation);
            _ = CycleAsync((int)(i % OutstandingMax), intended);
        }

        for (var i = 0; i < OutstandingMax; i++)
        {
            await places.WaitAsync(cancellation);
        }

        return new Measured(all, all.Count, Stopwatch.GetElapsedTime(start), serverCpu() - cpu, failures, firstFailure);

        async Task CycleAsync(int client, TimeSpan intended)
        {
            try
            {
                var late = Stopwatch.GetElapsedTime(start) - intended;
                var took = await load.CycleAsync(client);
                lock (gate)
                {
                    all.Record(late + took);
                }
            }
            catch (RpcException e)
            {
                Interlocked.Increment(ref failures);
                Interlocked.CompareExchange(ref firstFailure, e.Status.ToString(), null);
            }
            finally
            {
                places.Release();
            }
        }
    }
}
