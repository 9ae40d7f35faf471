using System.Security.Cryptography;
using ControlPlane.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Bench.Nodes;

/// <summary>
/// A worker that speaks the real session protocol and has sandboxes in name only: each is ready at once and acknowledges every
/// floor. The plane's part of an allocation is what is measured; booting and invoking are not.
/// </summary>
internal sealed class SimulatedWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly AsyncDuplexStreamingCall<WorkerMessage, PlaneMessage> _call;
    private readonly TaskCompletionSource<Session> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;

    private SimulatedWorker(GrpcChannel channel, string name, uint sandboxes)
    {
        _call = new WorkerSessions.WorkerSessionsClient(channel).Connect(cancellationToken: _ending.Token);
        _reading = RunAsync(new Hello
        {
            Name = name,
            Incarnation = Google.Protobuf.ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)),
            Zone = "bench",
            CapacityMemoryMib = sandboxes * 128,
            CapacitySandboxes = sandboxes,
            Endpoint = "http://127.0.0.1:1",
            ProtocolVersion = 1,
        });
    }

    /// <summary>Connects and waits until the plane has registered it.</summary>
    public static async Task<SimulatedWorker> ConnectAsync(GrpcChannel channel, string name, uint sandboxes, CancellationToken cancellation)
    {
        var worker = new SimulatedWorker(channel, name, sandboxes);
        await Task.WhenAny(worker._session.Task, worker._reading).WaitAsync(cancellation);
        if (worker._reading.IsFaulted)
        {
            await worker._reading;
        }

        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _call.Dispose();
        _writing.Dispose();
        _ending.Dispose();
    }

    private async Task RunAsync(Hello hello)
    {
        await _call.RequestStream.WriteAsync(new WorkerMessage { Hello = hello });
        var beat = Task.CompletedTask;
        await foreach (var message in _call.ResponseStream.ReadAllAsync(_ending.Token))
        {
            switch (message.MessageCase)
            {
                case PlaneMessage.MessageOneofCase.Session:
                    _session.TrySetResult(message.Session);
                    beat = BeatAsync(TimeSpan.FromMilliseconds(message.Session.HeartbeatIntervalMs));
                    break;
                case PlaneMessage.MessageOneofCase.CreateSandbox:
                    await SendAsync(new WorkerMessage
                    {
                        SandboxReport = new SandboxReport { Sandbox = message.CreateSandbox.Sandbox, Ready = new SandboxReport.Types.Ready() },
                    });
                    break;
                case PlaneMessage.MessageOneofCase.DestroySandbox:
                    await SendAsync(new WorkerMessage
                    {
                        SandboxReport = new SandboxReport
                        {
                            Sandbox = message.DestroySandbox.Sandbox,
                            Died = new SandboxReport.Types.Died { Reason = "retired" },
                        },
                    });
                    break;
                case PlaneMessage.MessageOneofCase.Revoke when message.Revoke.Acknowledge:
                    await SendAsync(new WorkerMessage
                    {
                        FloorAcknowledged = new FloorAcknowledged { Sandbox = message.Revoke.Sandbox, Floor = message.Revoke.Floor },
                    });
                    break;
            }
        }

        await beat;
    }

    private async Task BeatAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(_ending.Token))
        {
            await SendAsync(new WorkerMessage { Heartbeat = new Heartbeat() });
        }
    }

    private async Task SendAsync(WorkerMessage message)
    {
        // One writer at a time: heartbeats come from a timer.
        await _writing.WaitAsync(_ending.Token);
        try
        {
            await _call.RequestStream.WriteAsync(message, _ending.Token);
        }
        finally
        {
            _writing.Release();
        }
    }
}
