using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using ControlPlane.Server.Tests;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Worker.Tests.Support;

/// <summary>A plane and a worker with a data directory of its own, in this process, over loopback.</summary>
internal sealed class WorkerFixture : IAsyncDisposable
{
    public const string Tenant = "acme";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("worker-");
    private WebApplication? _worker;
    private GrpcChannel? _channel;

    private WorkerFixture(TestPlane plane) => Plane = plane;

    public TestPlane Plane { get; }

    public WorkerAgentOptions Options { get; } = new() { GateListen = "127.0.0.1:0" };

    public string DataDirectory => _data.FullName;

    public static string ExampleDirectory(string name) => Path.Combine(AppContext.BaseDirectory, "examples", name);

    /// <param name="configure">What differs from the defaults.</param>
    /// <param name="planeTls">How the plane serves; null: in plaintext.</param>
    /// <param name="partitions">Into how many partitions the plane is divided.</param>
    public static async Task<WorkerFixture> StartAsync(Action<WorkerAgentOptions>? configure = null, TlsSettings? planeTls = null, uint partitions = 1)
    {
        var fixture = new WorkerFixture(await TestPlane.StartAsync(planeTls));
        fixture.Plane.Partitions = partitions;
        fixture.Options.DataDirectory = fixture.DataDirectory;
        fixture.Options.PlaneAddresses.Add(fixture.Plane.Address);
        configure?.Invoke(fixture.Options);
        await fixture.StartWorkerAsync();
        return fixture;
    }

    public static FunctionSpec EchoShell(uint timeoutMs = 30_000, uint memoryMib = 512) => new()
    {
        Name = "echo-sh",
        Version = 1,
        Command = { "./bootstrap" },
        CodePath = ExampleDirectory("echo-sh"),
        MemoryMib = memoryMib,
        TimeoutMs = timeoutMs,
    };

    public static FunctionSpec Shell(string script, uint timeoutMs = 30_000) => new()
    {
        Name = "shell",
        Version = 1,
        Command = { "bash", "-c", script },
        CodePath = Path.GetTempPath(),
        MemoryMib = 512,
        TimeoutMs = timeoutMs,
    };

    public async Task StartWorkerAsync()
    {
        var sessions = Plane.Sessions;
        _worker = WorkerHost.Build(Options, builder => builder.Logging.ClearProviders().AddProvider(new TestLog()));
        await _worker.StartAsync();
        await Eventually.HoldsAsync(() => Plane.Sessions > sessions, "the worker opens a session");
    }

    public async Task StopWorkerAsync()
    {
        ForgetGate();
        await _worker!.DisposeAsync();
        _worker = null;
    }

    public void Create(ulong sandbox, FunctionSpec function) =>
        Plane.Say(new PlaneMessage { CreateSandbox = new CreateSandbox { Sandbox = Id(sandbox), Function = function } });

    public async Task CreateReadyAsync(ulong sandbox, FunctionSpec function)
    {
        Create(sandbox, function);
        var report = await Plane.HearAsync(message => message.SandboxReport?.Sandbox.Position == sandbox, "the sandbox boots");
        Assert.True(report.SandboxReport.Ready is not null, $"the sandbox ended: {report.SandboxReport.Died?.Reason}");
    }

    public void Grant(ulong sandbox, ulong position, long ttlMs = 600_000, string tenant = Tenant) => Plane.Say(new PlaneMessage
    {
        Grant = new Grant { Sandbox = Id(sandbox), Lease = new Wire.LeaseId { Position = position }, Fence = Fence(position), TtlMs = ttlMs, Tenant = tenant },
    });

    public void Revoke(ulong sandbox, ulong floor) =>
        Plane.Say(new PlaneMessage { Revoke = new Revoke { Sandbox = Id(sandbox), Floor = floor, Acknowledge = true } });

    public void Destroy(ulong sandbox) =>
        Plane.Say(new PlaneMessage { DestroySandbox = new DestroySandbox { Sandbox = Id(sandbox) } });

    /// <summary>Waits until the worker has obeyed all that was said so far: a session is in order, so an answered question follows it.</summary>
    public async Task ObeyedAsync()
    {
        var answers = Answers();
        Plane.Say(new PlaneMessage { RequestInventory = new RequestInventory() });
        await Eventually.HoldsAsync(() => Answers() > answers, "the inventory is answered");

        int Answers() => Plane.Heard.Count(message => message.Inventory is not null);
    }

    public async Task<string> DiedAsync(ulong sandbox) => (await Plane.HearAsync(
        message => message.SandboxReport?.Died is not null && message.SandboxReport.Sandbox.Position == sandbox, "the sandbox is reported died")).SandboxReport.Died.Reason;

    public async Task<InvokeResponse> InvokeAsync(ulong sandbox, ulong position, string payload, string tenant = Tenant) =>
        await InvokeAsync(sandbox, position, ByteString.CopyFromUtf8(payload), tenant);

    public async Task<InvokeResponse> InvokeAsync(ulong sandbox, ulong position, ByteString payload, string tenant = Tenant)
    {
        _channel ??= PlainChannel.To(Plane.LastHello.Endpoint);
        return await new Wire.Gate.GateClient(_channel).InvokeAsync(
            new InvokeRequest { Sandbox = Id(sandbox), Fence = Fence(position), Payload = payload, Tenant = tenant },
            deadline: DateTime.UtcNow.AddSeconds(60),
            cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Invokes, expecting a refusal.</summary>
    public async Task<(ErrorReason Reason, IReadOnlyDictionary<string, string> Metadata)> RefusedAsync(
        ulong sandbox, ulong position, string payload = "x", string tenant = Tenant)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => InvokeAsync(sandbox, position, payload, tenant));
        return (ErrorTable.ReasonOf(error), ErrorTable.MetadataOf(error));
    }

    /// <summary>The next call dials where the last hello said.</summary>
    public void ForgetGate()
    {
        _channel?.Dispose();
        _channel = null;
    }

    public string Log(ulong sandbox) => File.ReadAllText(LogPath(sandbox));

    public string LogPath(ulong sandbox) => Path.Combine(DataDirectory, "logs", $"S0-{sandbox}.log");

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            await StopWorkerAsync();
        }

        ForgetGate();
        await Plane.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private static Wire.SandboxId Id(ulong position) => new() { Position = position };

    private static Wire.FencingToken Fence(ulong position) => new() { Epoch = 1, Position = position };
}
