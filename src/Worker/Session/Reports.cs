using System.Collections.Concurrent;
using System.Threading.Channels;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using FencingToken = ControlPlane.Primitives.FencingToken;
using SandboxId = ControlPlane.Primitives.SandboxId;

namespace ControlPlane.Worker.Session;

/// <summary>
/// What sandboxes tell the plane, each its own partition. Posting never waits. Without a session nothing is kept: the next one starts by telling the
/// actual state, which contains all of it. A full queue ends the session for the same reason.
/// </summary>
internal sealed class Reports
{
    /// <summary>Messages that may wait for one session.</summary>
    public const int QueueMax = 8192;

    private readonly ConcurrentDictionary<PartitionId, ChannelWriter<WorkerMessage>> _sessions = new();

    /// <summary>Sends everything posted for a partition from here on to a new queue; its reader ends with an error when it overflows.</summary>
    public ChannelReader<WorkerMessage> Attach(PartitionId partition)
    {
        var channel = Channel.CreateBounded<WorkerMessage>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
        _sessions[partition] = channel.Writer;
        return channel.Reader;
    }

    public void Ready(SandboxId id, TimeSpan boot) => Post(id.Partition, ReadyMessage(id, boot));

    public void Died(SandboxId id, string reason) => Post(id.Partition, DiedMessage(id, reason));

    public void Confirmed(SandboxId id, FencingToken token) => Post(id.Partition, ConfirmedMessage(id, token));

    public void FloorAcknowledged(SandboxId id, SequenceNumber floor) => Post(id.Partition, FloorMessage(id, floor));

    public static WorkerMessage ReadyMessage(SandboxId id, TimeSpan boot) => new()
    {
        SandboxReport = new SandboxReport { Sandbox = id.ToWire(), Ready = new SandboxReport.Types.Ready { BootUs = (long)boot.TotalMicroseconds } },
    };

    public static WorkerMessage DiedMessage(SandboxId id, string reason) => new()
    {
        SandboxReport = new SandboxReport { Sandbox = id.ToWire(), Died = new SandboxReport.Types.Died { Reason = reason } },
    };

    public static WorkerMessage ConfirmedMessage(SandboxId id, FencingToken token) => new()
    {
        GrantConfirmed = new GrantConfirmed { Sandbox = id.ToWire(), Fence = token.ToWire() },
    };

    public static WorkerMessage FloorMessage(SandboxId id, SequenceNumber floor) => new()
    {
        FloorAcknowledged = new FloorAcknowledged { Sandbox = id.ToWire(), Floor = floor.Value },
    };

    public void Post(PartitionId partition, WorkerMessage message)
    {
        if (_sessions.TryGetValue(partition, out var session) && !session.TryWrite(message))
        {
            session.TryComplete(new SessionException($"{QueueMax} messages wait for the plane"));
        }
    }
}
