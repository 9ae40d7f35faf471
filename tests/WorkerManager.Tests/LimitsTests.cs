using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager.Tests;

/// <summary>Fills each table to its real bound. On a bare core: a scenario's checks after every step would make it quadratic.</summary>
public class LimitsTests
{
    private readonly WorkerManagerCore core = new(new PartitionId(0), new CoreOptions());
    private readonly StepOutput output = new();
    private readonly JournalTime now = new(1_800_000_000_000_000_000);
    private ulong lastCall;

    public LimitsTests() => core.Lead(new Epoch(1), "node-1", now, output);

    [Fact]
    public void One_tenant_more_than_the_table_holds_is_refused_and_the_known_ones_are_served()
    {
        Deploy("echo");
        for (var i = 0; i < Limits.TenantsMax; i++)
        {
            Assert.IsType<Done>(Ask(call => new SetTenantLimit(call, TenantName.Create($"t{i}"), 1)));
        }

        Assert.Equal(Limits.TenantsMax, core.State.TenantCount);
        AssertFull("tenants", Limits.TenantsMax, Ask(call => new SetTenantLimit(call, TenantName.Create("one-more"), 1)));
        AssertFull("tenants", Limits.TenantsMax, Ask(call => new Allocate(call, Request("one-more"))));
        Assert.IsType<Done>(Ask(call => new SetTenantLimit(call, TenantName.Create("t0"), 2)));
    }

    [Fact]
    public void One_function_more_than_the_table_holds_is_refused()
    {
        for (var i = 0; i < Limits.FunctionsMax; i++)
        {
            Deploy($"f{i}");
        }

        Assert.Equal(Limits.FunctionsMax, core.State.FunctionCount);
        AssertFull("functions", Limits.FunctionsMax, Ask(call => new DeployFunction(call, Definition("one-more"))));
    }

    [Fact]
    public void One_worker_more_than_the_table_holds_is_sent_away_and_a_known_one_may_return()
    {
        for (var i = 0; i < Limits.WorkersMax; i++)
        {
            Assert.IsType<OpenSession>(Connect(i));
        }

        AssertFull("workers", Limits.WorkersMax, new Refused(Assert.IsType<CloseSession>(Connect(Limits.WorkersMax)).Rejection!));
        Assert.Equal(Limits.WorkersMax, core.State.WorkerCount);
        Step(new WorkerDisconnected(new SessionId(1)));
        Assert.IsType<OpenSession>(Connect(0));
    }

    [Fact]
    public void One_waiting_request_more_than_there_is_room_for_is_refused_until_another_leaves()
    {
        Deploy("echo");
        const int tenants = Limits.WaitersMax / Limits.WaitersPerTenantMax;
        for (var i = 0; i < Limits.WaitersMax; i++)
        {
            Assert.Null(Ask(call => new Allocate(call, Request($"t{i % tenants}"))));
        }

        Assert.Equal(Limits.WaitersMax, core.State.WaitingCount);
        AssertFull("waiting requests", Limits.WaitersMax, Ask(call => new Allocate(call, Request("another"))));
        Step(new CallerGone(new CallId(lastCall - 1)));
        Assert.Null(Ask(call => new Allocate(call, Request("another"))));
    }

    private void AssertFull(string what, int max, Outcome? outcome)
    {
        var rejection = Assert.IsType<Refused>(outcome).Rejection;
        Assert.Equal(RejectionReason.Overloaded, rejection.Reason);
        Assert.Equal((what, $"{max}"), (rejection["what"], rejection["max"]));
        Assert.Empty(output.Entries);
    }

    private void Deploy(string name) => Assert.IsType<DeployAnswered>(Ask(call => new DeployFunction(call, Definition(name))));

    /// <summary>What a session's first message is answered with.</summary>
    private WorkerEffect Connect(int number)
    {
        var session = new SessionId(++lastCall);
        Step(new WorkerConnected(session, new WorkerHello(WorkerName.Create($"w{number}"), 1, "", [], 1024, 1, "http://w", [])));
        return output.Effects.OfType<WorkerEffect>().First(effect => effect.Session == session);
    }

    /// <summary>The answer, or null if the call waits.</summary>
    private Outcome? Ask(Func<CallId, Command> make)
    {
        var call = new CallId(++lastCall);
        Step(make(call));
        return output.Effects.OfType<Reply>().SingleOrDefault(reply => reply.Call == call)?.Outcome;
    }

    private void Step(Command command)
    {
        output.Clear();
        core.Step(command, now, output);
    }

    private AllocateRequest Request(string tenant) => new()
    {
        Request = new RequestId(lastCall),
        Tenant = TenantName.Create(tenant),
        Function = FunctionName.Create("echo"),
        MaxWait = TimeSpan.FromMinutes(1),
    };

    private static FunctionDefinition Definition(string name) => new()
    {
        Name = FunctionName.Create(name),
        Command = ["./bootstrap"],
        CodePath = "/code",
        MemoryMib = 128,
        Timeout = TimeSpan.FromSeconds(3),
    };
}
