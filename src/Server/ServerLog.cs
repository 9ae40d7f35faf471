using System.Net;
using ControlPlane.Runtime.Journals;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server;

/// <summary>Everything that a node logs: transitions, never calls.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "Opening the journals in {Directory}")]
    public static partial void Opening(this ILogger logger, string directory);

    [LoggerMessage(2, LogLevel.Information, "Replaying {Journal}: {Entries} entries, {Bytes} bytes so far")]
    public static partial void Replaying(this ILogger logger, string journal, long entries, long bytes);

    [LoggerMessage(3, LogLevel.Information, "{Journal}: {Finding}")]
    public static partial void Recovered(this ILogger logger, string journal, string finding);

    [LoggerMessage(4, LogLevel.Information, "Leading partition {Partition} in epoch {Epoch} from position {Position}")]
    public static partial void Leading(this ILogger logger, uint partition, ulong epoch, ulong position);

    [LoggerMessage(5, LogLevel.Information, "Serving on {Address}")]
    public static partial void Serving(this ILogger logger, Uri address);

    [LoggerMessage(6, LogLevel.Information, "Stopping: nothing new is taken, calls in flight may finish")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(7, LogLevel.Information, "Partition {Partition} is stopped; a snapshot at position {Position} makes the next start fast")]
    public static partial void Stopped(this ILogger logger, uint partition, ulong position);

    [LoggerMessage(8, LogLevel.Critical, "Fail stop: {Message} Nothing more is answered; the journal is left as it is, and a restart recovers what was acknowledged")]
    public static partial void FailStop(this ILogger logger, string message, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "No snapshot at the stop, so that the next start replays more: {Reason}")]
    public static partial void SnapshotSkipped(this ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Information, "Worker {Worker} connected to partition {Partition} in session {Session}")]
    public static partial void WorkerConnected(this ILogger logger, string worker, uint partition, ulong session);

    [LoggerMessage(11, LogLevel.Information, "Worker {Worker} disconnected from partition {Partition}, session {Session}: {Reason}")]
    public static partial void WorkerDisconnected(this ILogger logger, string worker, uint partition, ulong session, string reason);

    [LoggerMessage(12, LogLevel.Critical, "The node cannot start: {Message}")]
    public static partial void CannotStart(this ILogger logger, string message);

    [LoggerMessage(13, LogLevel.Information, "Peer {Peer} has connected from {Remote}")]
    public static partial void PeerAccepted(this ILogger logger, string peer, EndPoint? remote);

    [LoggerMessage(14, LogLevel.Information, "Peer {Peer} at {Remote} has left: {Reason}")]
    public static partial void PeerLeft(this ILogger logger, string peer, EndPoint? remote, string reason);

    [LoggerMessage(15, LogLevel.Warning, "A peer connection from {Remote} was refused: {Reason}. This is not repeated until the reason changes")]
    public static partial void PeerRefused(this ILogger logger, EndPoint? remote, string reason);

    [LoggerMessage(16, LogLevel.Warning, "PLAINTEXT ON THE NETWORK: whoever reaches {Address} may lease, deploy and delete as anybody, and whoever is on the way reads all of it. Set Tls:Certificate, Tls:Key and Tls:Ca")]
    public static partial void PlaintextOnTheNetwork(this ILogger logger, IPEndPoint address);

    [LoggerMessage(17, LogLevel.Information, "Partition {Partition} is open, up to position {Position}, after {Elapsed}")]
    public static partial void Opened(this ILogger logger, uint partition, ulong position, TimeSpan elapsed);

    [LoggerMessage(18, LogLevel.Warning, "Partition {Partition} is led here no more, behind position {Position}: what was not committed is given up, and the state follows the new leader")]
    public static partial void LeadsNoMore(this ILogger logger, uint partition, ulong position);

    [LoggerMessage(19, LogLevel.Information, "Handing over {Journal}: {Outcome}")]
    public static partial void HandedOver(this ILogger logger, string journal, HandOverOutcome outcome);

    [LoggerMessage(20, LogLevel.Information, "{Journal}: the entries that are missing here are trimmed at the others; received {Received} of {Total} MiB of a snapshot")]
    public static partial void ReceivingSnapshot(this ILogger logger, string journal, ulong received, ulong total);
}
