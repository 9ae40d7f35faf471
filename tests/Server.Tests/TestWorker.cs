using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Server.Tests;

/// <summary>A worker over a real connection that does at once, and truthfully reports, whatever it is told.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<WorkerMessage, PlaneMessage> _call;
    private readonly TaskCompletionSource<Session> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _serving;

    private TestWorker(AsyncDuplexStreamingCall<WorkerMessage, PlaneMessage> call)
    {
        _call = call;
        _serving = ServeAsync();
    }

    public static async Task<TestWorker> ConnectAsync(
        TestNode node, string name = "worker-1", ChannelBase? channel = null, uint partition = 0, uint partitions = 1)
    {
        var call = new WorkerSessions.WorkerSessionsClient(channel ?? node.Channel).Connect();
        var hello = new Hello
        {
            Name = name,
            Incarnation = TestNode.NewId(),
            CapacityMemoryMib = 64 * 1024,
            CapacitySandboxes = 100,
            Endpoint = "http://127.0.0.1:1",
            ProtocolVersion = 1,
            Partition = partition,
            Partitions = partitions,
        };
        await call.RequestStream.WriteAsync(new WorkerMessage { Hello = hello });
        var worker = new TestWorker(call);
        await await Task.WhenAny(worker._session.Task, worker._serving);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        // Behind the report that may be on its way: a stream takes one write at a time.
        await _writing.WaitAsync();
        await _call.RequestStream.CompleteAsync();
        _writing.Release();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _call.Dispose();
        _writing.Dispose();
    }

    private async Task ServeAsync()
    {
        await foreach (var order in _call.ResponseStream.ReadAllAsync())
        {
            switch (order.MessageCase)
            {
                case PlaneMessage.MessageOneofCase.Session:
                    _session.SetResult(order.Session);
                    break;
                case PlaneMessage.MessageOneofCase.CreateSandbox:
                    await SayAsync(new SandboxReport { Sandbox = order.CreateSandbox.Sandbox, Ready = new SandboxReport.Types.Ready() });
                    break;
                case PlaneMessage.MessageOneofCase.DestroySandbox:
                    await SayAsync(new SandboxReport { Sandbox = order.DestroySandbox.Sandbox, Died = new SandboxReport.Types.Died { Reason = "retired" } });
                    break;
                case PlaneMessage.MessageOneofCase.Revoke when order.Revoke.Acknowledge:
                    await SayAsync(new WorkerMessage
                    {
                        FloorAcknowledged = new FloorAcknowledged { Sandbox = order.Revoke.Sandbox, Floor = order.Revoke.Floor },
                    });
                    break;
            }
        }
    }

    private Task SayAsync(SandboxReport report) => SayAsync(new WorkerMessage { SandboxReport = report });

    private async Task SayAsync(WorkerMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await _call.RequestStream.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }
}
