using System.Threading.Channels;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Liveness;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Worker.Session;

/// <summary>
/// One session with one partition: says hello with everything that the worker has of it, obeys what the plane says, and tells it what happens. Begins
/// by telling again what an earlier session may have lost: who is ready, who ended, what was confirmed and acknowledged.
/// </summary>
internal sealed class PlaneSession(WorkerAgent agent, PartitionShare share, string endpoint, string address, Action onOpened)
{
    private const uint ProtocolVersion = 1;
    private static readonly TimeSpan WelcomePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromMilliseconds(10);

    private uint _driftPermille;

    /// <summary>Returns the leader that the plane named when it said goodbye; throws when the session breaks.</summary>
    public async Task<string?> RunAsync(CallInvoker plane, CancellationToken cancelled)
    {
        var client = new WorkerSessions.WorkerSessionsClient(plane);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        using var call = client.Connect(cancellationToken: over.Token);

        // Attached before the state is read: what happens from here on is told, perhaps twice, never not at all.
        var reports = agent.Reports.Attach(share.Partition);
        await call.RequestStream.WriteAsync(Hello(), over.Token);
        var session = await WelcomeAsync(call, over.Token);
        Open(session);

        var sending = SendAsync(call.RequestStream, reports, session, over.Token);
        var receiving = ReceiveAsync(call.ResponseStream, over.Token);
        var watching = WatchAsync(plane, over.Token);
        try
        {
            await await Task.WhenAny(sending, receiving, watching);
            return receiving.IsCompletedSuccessfully ? await receiving : throw new SessionException("the plane takes no more messages");
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(sending, receiving, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Throws once the plane's process hangs: another node leads by then, and waits for this worker.</summary>
    private async Task WatchAsync(CallInvoker plane, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(ProbeInterval, agent.Time, over);
            if (!await NodeProbe.AnswersAsync(plane, ProbePatience, over))
            {
                throw new SessionException("it is connected, but its process does not answer");
            }
        }
    }

    private async Task<Wire.Session> WelcomeAsync(AsyncDuplexStreamingCall<WorkerMessage, PlaneMessage> call, CancellationToken cancelled)
    {
        bool any;
        try
        {
            any = await call.ResponseStream.MoveNext(cancelled).WaitAsync(WelcomePatience, agent.Time, cancelled);
        }
        catch (TimeoutException)
        {
            throw new SessionException($"no answer to hello within {WelcomePatience}");
        }

        if (!any || call.ResponseStream.Current.Session is not { } session)
        {
            throw new SessionException("the plane did not begin with a session");
        }

        var epoch = new Epoch(session.Epoch);
        if (agent.HighestEpochOf(share.Partition) is var highest && epoch < highest)
        {
            WorkerLog.LowerEpochIgnored(agent.Logger, address, share.Partition.Value, session.Epoch, highest.Value);
            throw new SessionException($"its epoch {epoch} is over");
        }

        agent.RaiseEpoch(share.Partition, epoch);
        return session;
    }

    private void Open(Wire.Session session)
    {
        _driftPermille = Math.Min(session.DriftPermille, 999);
        var quarantine = session.Quarantine.Select(id => id.ToPrimitive()).ToHashSet();
        var sandboxes = agent.Sandboxes.Of(share.Partition).ToList();
        foreach (var sandbox in sandboxes)
        {
            sandbox.Quarantined = quarantine.Contains(sandbox.Id);
            sandbox.Restarted = false;
        }

        onOpened();
        WorkerLog.SessionOpened(agent.Logger, address, session.Epoch, session.Partition, session.Registration, quarantine.Count, sandboxes.Count);
    }

    private async Task SendAsync(
        IClientStreamWriter<WorkerMessage> plane, ChannelReader<WorkerMessage> reports, Wire.Session session, CancellationToken cancelled)
    {
        foreach (var message in ActualState.Messages(agent.Sandboxes, share.Partition))
        {
            await plane.WriteAsync(message, cancelled);
        }

        var load = new LoadMeter();
        var interval = TimeSpan.FromMilliseconds(session.HeartbeatIntervalMs);
        using var heartbeat = new PeriodicTimer(interval > ShortestHeartbeat ? interval : ShortestHeartbeat, agent.Time);
        var beat = heartbeat.WaitForNextTickAsync(cancelled).AsTask();
        var posted = reports.WaitToReadAsync(cancelled).AsTask();
        while (true)
        {
            await Task.WhenAny(beat, posted);
            if (posted.IsCompleted)
            {
                await posted;
                while (reports.TryRead(out var message))
                {
                    await plane.WriteAsync(message, cancelled);
                }

                posted = reports.WaitToReadAsync(cancelled).AsTask();
            }

            if (beat.IsCompleted)
            {
                load.Look();
                await plane.WriteAsync(Heartbeat(load), cancelled);
                beat = heartbeat.WaitForNextTickAsync(cancelled).AsTask();
            }
        }
    }

    private async Task<string?> ReceiveAsync(IAsyncStreamReader<PlaneMessage> plane, CancellationToken cancelled)
    {
        while (await plane.MoveNext(cancelled))
        {
            var message = plane.Current;
            if (message.MessageCase == PlaneMessage.MessageOneofCase.Goodbye)
            {
                return message.Goodbye.Leader;
            }

            PlaneMessages.Obey(agent, share.Partition, _driftPermille, message);
        }

        return null;
    }

    private WorkerMessage Heartbeat(LoadMeter load) => new()
    {
        Heartbeat = new Heartbeat
        {
            Cpu = load.BusyCores,
            Cores = Environment.ProcessorCount,
            MemoryUsedMib = load.MemoryUsedMib,
            InvocationsInFlight = (uint)agent.Sandboxes.All.Count(sandbox => sandbox.IsBusy),
        },
    };

    private WorkerMessage Hello() => new()
    {
        Hello = new Hello
        {
            Name = agent.Options.Name,
            Incarnation = ByteString.CopyFrom(Identifier128.ToArray(agent.Incarnation)),
            Zone = agent.Options.Zone,
            Labels = { agent.Options.Labels },
            CapacityMemoryMib = (uint)share.MemoryMib,
            CapacitySandboxes = (uint)share.Sandboxes,
            Endpoint = endpoint,
            Inventory = { ActualState.Inventory(agent.Sandboxes, share.Partition) },
            ProtocolVersion = ProtocolVersion,
            Partition = share.Partition.Value,
            Partitions = (uint)share.Count,
        },
    };
}
