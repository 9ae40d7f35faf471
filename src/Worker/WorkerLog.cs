using ControlPlane.Primitives;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker;

/// <summary>Everything that a worker logs: transitions at Information, nothing per invocation.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "Worker {Name} (incarnation {Incarnation}) serves its gate at {Endpoint}; data in {Directory}; memory limits by looking at resident memory every {Interval}.")]
    public static partial void Started(ILogger logger, string name, string incarnation, string endpoint, string directory, TimeSpan interval);

    [LoggerMessage(2, LogLevel.Information, "Session with {Plane} in epoch {Epoch} of partition {Partition}, registration {Registration}; {Quarantined} of {Sandboxes} sandboxes quarantined.")]
    public static partial void SessionOpened(ILogger logger, string plane, ulong epoch, uint partition, ulong registration, int quarantined, int sandboxes);

    [LoggerMessage(3, LogLevel.Warning, "Session with {Plane} for partition {Partition} ended: {Cause}. Dialling again in {Delay}.")]
    public static partial void SessionEnded(ILogger logger, string plane, uint partition, string cause, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Information, "Sandbox {Sandbox} starts {Function}:{Version}.")]
    public static partial void SandboxStarting(ILogger logger, SandboxId sandbox, string function, uint version);

    [LoggerMessage(5, LogLevel.Information, "Sandbox {Sandbox} is ready after {Boot}.")]
    public static partial void SandboxReady(ILogger logger, SandboxId sandbox, TimeSpan boot);

    [LoggerMessage(6, LogLevel.Information, "Sandbox {Sandbox} ended: {Reason}.")]
    public static partial void SandboxEnded(ILogger logger, SandboxId sandbox, string reason);

    [LoggerMessage(7, LogLevel.Information, "Sandbox {Sandbox} lost the use of token {Token} ({Reason}): its process is started anew.")]
    public static partial void UseEnded(ILogger logger, SandboxId sandbox, FencingToken token, string reason);

    [LoggerMessage(8, LogLevel.Information, "Revived {Count} sandboxes of an earlier start on this boot; {Killed} leftover processes were ended.")]
    public static partial void Revived(ILogger logger, int count, int killed);

    [LoggerMessage(9, LogLevel.Warning, "Dropped {Path}: {Cause}. Its sandbox is not revived.")]
    public static partial void StateDropped(ILogger logger, string path, string cause);

    [LoggerMessage(10, LogLevel.Warning, "Ignored a leader of partition {Partition} in epoch {Epoch} at {Plane}: epoch {Highest} has been seen.")]
    public static partial void LowerEpochIgnored(ILogger logger, string plane, uint partition, ulong epoch, ulong highest);

    [LoggerMessage(11, LogLevel.Information, "Another boot of the machine: {Count} sandboxes of the earlier one are void.")]
    public static partial void OtherBoot(ILogger logger, int count);

    [LoggerMessage(12, LogLevel.Error, "Sandbox {Sandbox} failed.")]
    public static partial void SandboxFault(ILogger logger, SandboxId sandbox, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "Ignored a message of the plane: {Cause}.")]
    public static partial void MessageIgnored(ILogger logger, string cause);

    [LoggerMessage(14, LogLevel.Warning, "The state of sandbox {Sandbox}, which has ended, could not be deleted: {Cause}.")]
    public static partial void StateKept(ILogger logger, SandboxId sandbox, string cause);

    [LoggerMessage(15, LogLevel.Warning, "The memory of sandboxes could not be looked at: {Cause}.")]
    public static partial void MemoryNotSeen(ILogger logger, string cause);

    [LoggerMessage(16, LogLevel.Critical, "The worker agent failed; its host is stopped.")]
    public static partial void AgentFault(ILogger logger, Exception exception);

    [LoggerMessage(17, LogLevel.Warning, "PLAINTEXT ON THE NETWORK: whoever reaches {Endpoint} may invoke as anybody, and whoever is on the way reads all of it. Set Tls.")]
    public static partial void PlaintextOnTheNetwork(ILogger logger, string endpoint);

    [LoggerMessage(18, LogLevel.Debug, "The capacity is divided among {Partitions} partitions, of which {Usable} have a share.")]
    public static partial void Divided(ILogger logger, int partitions, int usable);
}
