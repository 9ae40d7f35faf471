using ControlPlane.Journal.Recovery;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>Shows that a long replay goes on: one line a second, however fast it is.</summary>
internal sealed class ReplayLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _last = time.GetTimestamp();

    /// <summary>What has been read so far.</summary>
    public void Report(string journal, RecoveryProgress progress)
    {
        if (time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            logger.Replaying(journal, progress.Entries, progress.Bytes);
        }
    }
}
