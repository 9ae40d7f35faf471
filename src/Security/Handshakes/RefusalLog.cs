using Microsoft.Extensions.Logging;

namespace ControlPlane.Security;

/// <summary>Tells of refused peers, at most one line in <see cref="Interval"/>: whoever knocks does not decide how much is written.</summary>
internal sealed class RefusalLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _last;
    private long _others;

    public void Refused(string reason)
    {
        long others;
        lock (_lock)
        {
            if (_last is { } last && time.GetElapsedTime(last) < Interval)
            {
                _others++;
                return;
            }

            (others, _others) = (_others, 0);
            _last = time.GetTimestamp();
        }

        logger.PeerRefused(reason, others);
    }
}
