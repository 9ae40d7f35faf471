using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Storage;
using ControlPlane.Worker.Tests.Support;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Worker.Tests.Session;

public sealed class PlaneSessionTests
{
    private const ulong Sandbox = 10;

    [Fact]
    public async Task After_a_break_the_worker_dials_again_and_tells_all_that_holds()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Create(20, WorkerFixture.Shell("exit 3"));
        await worker.DiedAsync(20);
        worker.Grant(Sandbox, 11);
        await worker.InvokeAsync(Sandbox, 11, "x");
        worker.Plane.Forget();

        worker.Plane.Break();

        await worker.Plane.HearAsync(message => message.SandboxReport?.Ready is not null, "ready is told again");
        await worker.Plane.HearAsync(message => message.GrantConfirmed?.Fence.Position == 11, "the confirmation is told again");
        Assert.Equal("exited with code 3 before it was ready", await worker.DiedAsync(20));
        var line = Assert.Single(worker.Plane.LastHello.Inventory);
        Assert.Equal(SandboxState.Ready, line.State);
        Assert.Equal(11ul, line.HighestPosition);
        Assert.False(line.Restarted);
        Assert.Equal("on", (await worker.InvokeAsync(Sandbox, 11, "on")).Payload.ToStringUtf8());
    }

    [Fact]
    public async Task Heartbeats_come_at_the_session_s_interval()
    {
        await using var worker = await WorkerFixture.StartAsync();

        await Eventually.HoldsAsync(() => worker.Plane.Heard.Count(message => message.Heartbeat is not null) >= 3, "heartbeats arrive");
        Assert.All(worker.Plane.Heard.Where(message => message.Heartbeat is not null), message => Assert.True(message.Heartbeat.MemoryUsedMib > 0));
    }

    [Fact]
    public async Task A_plane_of_a_lower_epoch_is_not_obeyed()
    {
        await using var worker = await WorkerFixture.StartAsync(_ => { });
        worker.Plane.NextSession = new Wire.Session(worker.Plane.NextSession) { Epoch = 5 };
        worker.Plane.Break();
        await Eventually.HoldsAsync(() => worker.Plane.Sessions == 2, "a session of epoch 5 is opened");
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());

        worker.Plane.NextSession = new Wire.Session(worker.Plane.NextSession) { Epoch = 4 };
        worker.Plane.Break();
        await Eventually.HoldsAsync(() => worker.Plane.Sessions >= 4, "the worker dials and leaves");

        worker.Plane.Forget();
        worker.Create(20, WorkerFixture.EchoShell());
        worker.Plane.NextSession = new Wire.Session(worker.Plane.NextSession) { Epoch = 6 };
        await worker.Plane.HearAsync(message => message.SandboxReport?.Ready is not null, "the worker serves epoch 6");
        Assert.DoesNotContain(worker.Plane.LastHello.Inventory, line => line.Sandbox.Position == 20);
    }

    [Fact]
    public async Task A_worker_has_a_session_with_each_partition_for_a_share_of_its_capacity()
    {
        await using var worker = await WorkerFixture.StartAsync(options => (options.CapacitySandboxes, options.CapacityMemoryMib) = (10, 4_000), partitions: 4);

        await Eventually.HoldsAsync(() => worker.Plane.Sessions == 4, "a session with each");

        var hellos = worker.Plane.Heard.Where(message => message.Hello?.Partitions == 4).Select(message => message.Hello).OrderBy(hello => hello.Partition).ToList();
        Assert.Equal([0u, 1, 2, 3], hellos.Select(hello => hello.Partition));
        Assert.Equal(10, hellos.Sum(hello => hello.CapacitySandboxes));
        Assert.All(hellos, hello => Assert.Equal(1_000u, hello.CapacityMemoryMib));
    }

    [Fact]
    public async Task A_quarantined_sandbox_is_kept_shown_and_not_used()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        var next = new Wire.Session(worker.Plane.NextSession);
        next.Quarantine.Add(new SandboxId { Position = Sandbox });
        worker.Plane.NextSession = next;
        worker.Plane.Break();
        await Eventually.HoldsAsync(() => worker.Plane.Sessions == 2, "a new session is opened");

        worker.Plane.Say(new PlaneMessage { RequestInventory = new RequestInventory() });
        var inventory = await worker.Plane.HearAsync(message => message.Inventory is not null, "the inventory");

        Assert.Equal(SandboxState.Quarantined, Assert.Single(inventory.Inventory.Sandboxes).State);
        Assert.Equal(ErrorReason.UnknownSandbox, (await worker.RefusedAsync(Sandbox, 11)).Reason);
    }

    [Fact]
    public async Task After_a_goodbye_the_worker_dials_the_leader_that_was_named()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await using var leader = await TestPlane.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());

        worker.Plane.Say(new PlaneMessage { Goodbye = new Goodbye { Leader = leader.Address } });

        await leader.HearAsync(message => message.SandboxReport?.Ready is not null, "the leader is told what holds");
        Assert.Equal(Sandbox, Assert.Single(leader.LastHello.Inventory).Sandbox.Position);
        Assert.Equal(1, worker.Plane.Sessions);
    }

    [Fact]
    public async Task Refused_by_a_node_that_does_not_lead_the_worker_dials_the_leader_that_it_names()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await using var leader = await TestPlane.StartAsync();
        worker.Plane.LeaderElsewhere = leader.Address;

        worker.Plane.Break();

        await Eventually.HoldsAsync(() => leader.Sessions == 1, "the leader, which is not among the worker's own addresses, is dialled");
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://192.0.2.1:7070")]
    [InlineData("not an address")]
    public async Task A_goodbye_cannot_lead_the_worker_off_this_machine(string named)
    {
        await using var worker = await WorkerFixture.StartAsync();

        worker.Plane.Say(new PlaneMessage { Goodbye = new Goodbye { Leader = named } });

        await Eventually.HoldsAsync(() => worker.Plane.Sessions == 2, "the worker dials its own plane again");
    }

    [Fact]
    public async Task A_data_directory_serves_one_agent_at_a_time()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await using var second = WorkerHost.Build(worker.Options);

        await Assert.ThrowsAsync<DirectoryInUseException>(() => second.StartAsync(TestContext.Current.CancellationToken));
    }
}
