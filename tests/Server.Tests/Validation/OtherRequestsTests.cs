using ControlPlane.Protocol.V1;
using ControlPlane.Server.Validation;
using Google.Protobuf;

namespace ControlPlane.Server.Tests.Validation;

public sealed class OtherRequestsTests
{
    public static TheoryData<string, Action<DeployFunctionRequest>> DeployFaults => new()
    {
        { "function.name", r => r.Function.Name = "" },
        { "function.command", r => r.Function.Command.Clear() },
        { "function.command", r => r.Function.Command[0] = "" },
        { "function.command", r => r.Function.Command.Add("nul\0") },
        { "function.command", r => r.Function.Command.AddRange(Enumerable.Repeat("x", 64)) },
        { "function.command", r => r.Function.Command.AddRange(Enumerable.Repeat(new string('x', 4_000), 40)) },
        { "function.code_path", r => r.Function.CodePath = "relative" },
        { "function.environment", r => r.Function.Environment["1ST"] = "x" },
        { "function.environment", r => r.Function.Environment["LONG"] = new string('x', 4_097) },
        { "function.memory_mib", r => r.Function.MemoryMib = 1024 * 1024 + 1 },
        { "function.timeout_ms", r => r.Function.TimeoutMs = 86_400_001 },
        { "warm_target", r => r.WarmTarget = 10_001 },
        { "idle_timeout_ms", r => r.IdleTimeoutMs = -1 },
    };

    public static TheoryData<string, Action<Hello>> HelloFaults => new()
    {
        { "hello.name", h => h.Name = "a b" },
        { "hello.incarnation", h => h.Incarnation = ByteString.CopyFrom(1) },
        { "hello.zone", h => h.Zone = "?" },
        { "hello.labels", h => Enumerable.Range(0, 33).ToList().ForEach(i => h.Labels[$"l{i}"] = "") },
        { "hello.capacity_memory_mib", h => h.CapacityMemoryMib = 0 },
        { "hello.capacity_sandboxes", h => h.CapacitySandboxes = 0 },
        { "hello.endpoint", h => h.Endpoint = "ftp://somewhere" },
        { "hello.protocol_version", h => h.ProtocolVersion = 2 },
        { "hello.inventory[0].state", h => h.Inventory.Add(new SandboxInventory { Sandbox = new SandboxId { Position = 1 } }) },
        { "hello.inventory[0].sandbox", h => h.Inventory.Add(new SandboxInventory { State = SandboxState.Ready }) },
    };

    public static TheoryData<string, Action<AppendRequest>> AppendFaults => new()
    {
        { "entries", r => r.Entries.Clear() },
        { "entries", r => r.Entries.AddRange(Enumerable.Repeat(ByteString.Empty, 1_024)) },
        { "entries", r => r.Entries.AddRange(Enumerable.Repeat(ByteString.CopyFrom(new byte[256 * 1024]), 17)) },
        { "entries[1]", r => r.Entries.Add(ByteString.CopyFrom(new byte[(256 * 1024) + 1])) },
        { "client_id", r => (r.ClientId, r.ClientSequence) = (ByteString.CopyFrom(1), 1) },
        { "client_sequence", r => r.ClientId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)1, 16)]) },
        { "client_sequence", r => r.ClientSequence = 1 },
        { "expected_tail", r => r.ExpectedTail = 0 },
    };

    public static TheoryData<string, Action<Settings>> SettingsFaults => new()
    {
        { "request_retention_ms", s => s.RequestRetentionMs = 0 },
        { "request_retention_ms", s => s.RequestRetentionMs = 999 },
        { "request_retention_ms", s => s.RequestRetentionMs = -1 },
        { "ended_requests_max", s => s.EndedRequestsMax = 999 },
        { "drift_permille", s => s.DriftPermille = 201 },
    };

    [Theory]
    [MemberData(nameof(DeployFaults), DisableDiscoveryEnumeration = true)]
    public void A_deployment_at_fault_is_named_by_its_field(string field, Action<DeployFunctionRequest> spoil) =>
        OnlyAtFault(field, spoil, FunctionRequests.Deploy, new DeployFunctionRequest
        {
            Function = new FunctionSpec { Name = "echo", Command = { "./bootstrap" }, CodePath = "/srv/echo" },
        });

    [Theory]
    [MemberData(nameof(HelloFaults), DisableDiscoveryEnumeration = true)]
    public void A_hello_at_fault_is_named_by_its_field(string field, Action<Hello> spoil) =>
        OnlyAtFault(field, spoil, WorkerMessages.Hello, new Hello
        {
            Name = "worker-1",
            Incarnation = ByteString.CopyFrom([.. Enumerable.Repeat((byte)1, 16)]),
            CapacityMemoryMib = 1,
            CapacitySandboxes = 1,
            Endpoint = "http://127.0.0.1:7071",
            ProtocolVersion = 1,
        });

    [Theory]
    [MemberData(nameof(AppendFaults), DisableDiscoveryEnumeration = true)]
    public void An_append_at_fault_is_named_by_its_field(string field, Action<AppendRequest> spoil) =>
        OnlyAtFault(field, spoil, JournalRequests.Append, new AppendRequest { Entries = { ByteString.CopyFromUtf8("a") } });

    [Theory]
    [MemberData(nameof(SettingsFaults), DisableDiscoveryEnumeration = true)]
    public void Settings_at_fault_are_named_by_their_field(string field, Action<Settings> spoil) =>
        OnlyAtFault(field, spoil, OperatorRequests.Settings, new Settings { RequestRetentionMs = 1_000, EndedRequestsMax = 1_000 });

    [Fact]
    public void A_deployment_without_memory_or_timeout_gets_the_defaults()
    {
        var read = FunctionRequests.Deploy(new FieldChecks(), new DeployFunctionRequest { Function = new FunctionSpec() });

        Assert.Equal((128u, TimeSpan.FromSeconds(30)), (read.MemoryMib, read.Timeout));
    }

    [Theory]
    [InlineData(-0.5, 4, "heartbeat.cpu")]
    [InlineData(double.NaN, 4, "heartbeat.cpu")]
    [InlineData(1, -1, "heartbeat.cores")]
    [InlineData(1, double.PositiveInfinity, "heartbeat.cores")]
    public void A_heartbeat_at_fault_is_named_by_its_field(double cpu, double cores, string field) =>
        OnlyAtFault(
            field,
            message => message.Heartbeat = new Heartbeat { Cpu = cpu, Cores = cores },
            (checks, message) => WorkerMessages.Later(checks, default, message),
            new WorkerMessage());

    [Fact]
    public void A_heartbeat_tells_the_load_and_the_cores()
    {
        var message = new WorkerMessage { Heartbeat = new Heartbeat { Cpu = 1.5, Cores = 8, MemoryUsedMib = 300 } };

        var read = Assert.IsType<WorkerManager.Commands.Heartbeat>(WorkerMessages.Later(new FieldChecks(), default, message));

        Assert.Equal((1.5, 8, 300UL), (read.Cpu, read.Cores, read.MemoryUsedMib));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(-1)]
    [InlineData(86_400_001)]
    public void A_renewal_at_fault_is_set_aside_and_the_others_go_on(long ttlMs)
    {
        var good = new LeaseRef { Id = new LeaseId { Position = 5 }, Fence = new FencingToken { Epoch = 1, Position = 5 } };
        var request = new RenewRequest { Items = { new RenewRequest.Types.Item { Lease = good, TtlMs = ttlMs }, new RenewRequest.Types.Item { Lease = good } } };

        var items = LeaseRequests.Renew(new FieldChecks(), request);

        Assert.Equal("items[0].ttl_ms", Assert.Single(items.ViolationsAt(0)!).Field);
        Assert.Null(items.ViolationsAt(1));
        Assert.Null(Assert.Single(items.Good).Ttl);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public void A_release_has_one_to_a_thousand_leases(int count)
    {
        var request = new ReleaseRequest();
        request.Leases.AddRange(Enumerable.Range(0, count).Select(_ => new LeaseRef()));
        var checks = new FieldChecks();

        LeaseRequests.Release(checks, request);

        Assert.Equal("leases", Assert.Single(checks.Violations).Field);
    }

    private static void OnlyAtFault<TRequest, TRead>(string field, Action<TRequest> spoil, Func<FieldChecks, TRequest, TRead> read, TRequest good)
    {
        var before = new FieldChecks();
        read(before, good);
        Assert.Empty(before.Violations);
        spoil(good);
        var checks = new FieldChecks();

        read(checks, good);

        Assert.NotEmpty(checks.Violations);
        Assert.All(checks.Violations, violation => Assert.Equal(field, violation.Field));
    }
}
