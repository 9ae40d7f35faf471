using System.Diagnostics;
using ControlPlane.Bench.Load;

namespace ControlPlane.Bench.Peers;

/// <summary>Appends in flight by number: when each left, and what became of all. One thread at a time.</summary>
internal sealed class PeerWindow(int depth, TimeSpan duration)
{
    private readonly long[] _sentAt = new long[depth];
    private readonly Latencies _latencies = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _wakeUps = WakeUps.Count();
    private readonly long _start = Stopwatch.GetTimestamp();
    private ulong _sent;
    private ulong _acknowledged;

    public Task Done => _done.Task;

    /// <summary>Takes note of a cumulative acknowledgement; returns how many more may be sent, none when time is up.</summary>
    public int Acknowledge(ulong number)
    {
        var now = Stopwatch.GetTimestamp();
        for (; _acknowledged < number; _acknowledged++)
        {
            _latencies.Record(Stopwatch.GetElapsedTime(_sentAt[_acknowledged % (ulong)depth], now));
        }

        if (Stopwatch.GetElapsedTime(_start, now) < duration)
        {
            return depth - (int)(_sent - _acknowledged);
        }

        if (_sent == _acknowledged)
        {
            _done.TrySetResult();
        }

        return 0;
    }

    /// <summary>The number of the next one, from 1.</summary>
    public ulong Send()
    {
        _sentAt[_sent % (ulong)depth] = Stopwatch.GetTimestamp();
        return ++_sent;
    }

    public PeerFigures Figures(long batches) => new(
        _latencies.At(50),
        _latencies.At(99),
        _latencies.Count / Stopwatch.GetElapsedTime(_start).TotalSeconds,
        (double)(WakeUps.Count() - _wakeUps) / _latencies.Count,
        (double)_latencies.Count / batches);
}
