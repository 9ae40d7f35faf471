using ControlPlane.Primitives;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>
/// Ends the node on the first fault of a journal. An I/O error is never retried in place: what is on disk is what a restart
/// recovers, and until then nothing more is answered.
/// </summary>
internal sealed class FailStop(ServingStatus status, IHostApplicationLifetime lifetime, ILogger<FailStop> logger)
{
    private const int Healthy = -1;

    private int _code = Healthy;

    /// <summary>What the process must end with since the first fault; null in a healthy node.</summary>
    public ExitCode? Code => Volatile.Read(ref _code) is var code && code != Healthy ? (ExitCode)code : null;

    /// <summary>Reports the fault once, and begins the end of the process. Any thread; later faults are only consequences.</summary>
    public void Trip(Exception fault)
    {
        var code = fault is InvariantViolationException ? ExitCode.Internal : ExitCode.JournalFault;
        if (Interlocked.CompareExchange(ref _code, (int)code, Healthy) != Healthy)
        {
            return;
        }

        status.NotServing();
        logger.FailStop(fault.Message, fault);
        lifetime.StopApplication();
    }
}
