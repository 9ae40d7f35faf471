using ControlPlane.Journal.Recovery;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>Shows that a long replay goes on: one line a second, however fast it is, and every step to the host that wants to draw it.</summary>
internal sealed class ReplayLog(ILogger logger, TimeProvider time, IProgress<ReplayProgress>? host)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _last = time.GetTimestamp();

    /// <summary>What has come of a snapshot that another node sends.</summary>
    public void ReportSnapshot(string journal, ulong received, ulong total)
    {
        if (received == total || time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            logger.ReceivingSnapshot(journal, received >> 20, total >> 20);
        }
    }

    /// <summary>What has been read so far.</summary>
    public void Report(string journal, RecoveryProgress progress)
    {
        host?.Report(new ReplayProgress(journal, progress.Entries, progress.Bytes));
        if (time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            logger.Replaying(journal, progress.Entries, progress.Bytes);
        }
    }
}
