using System.Threading.Channels;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Tests.Peers;

/// <summary>The system's time, which tells of each wait between two attempts to dial, and makes it short.</summary>
internal sealed class CountingTime : TimeProvider
{
    private readonly Channel<TimeSpan> _delays = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isDelay = dueTime <= PeerBackoff.Max;
        if (isDelay)
        {
            _delays.Writer.TryWrite(dueTime);
        }

        return System.CreateTimer(callback, state, isDelay ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }

    /// <summary>Returns when there have been <paramref name="count"/> waits.</summary>
    public async Task DelaysAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _delays.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }
}
