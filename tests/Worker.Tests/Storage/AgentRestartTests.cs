using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Storage;

/// <summary>The agent as a real process, killed and started again over the same data directory.</summary>
public sealed class AgentRestartTests
{
    private const ulong Sandbox = 10;

    [Fact]
    public async Task After_kill_9_the_sandbox_is_revived_its_old_processes_are_gone_and_a_stale_token_is_refused()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.StopWorkerAsync();
        await using (var first = await AgentProcess.StartAsync(worker))
        {
            await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
            worker.Grant(Sandbox, 11);
            worker.Grant(Sandbox, 15);
            await worker.InvokeAsync(Sandbox, 15, "{\"spawn\":987123}");
            await Eventually.HoldsAsync(() => Sleepers.Of("987123").Count == 2, "the function has children");
            await first.KillAsync();
        }

        worker.Plane.Forget();
        await using var second = await AgentProcess.StartAsync(worker);
        worker.ForgetGate();
        await worker.Plane.HearAsync(message => message.SandboxReport?.Ready is not null, "the revived sandbox is ready");

        var line = Assert.Single(worker.Plane.LastHello.Inventory);
        Assert.Equal(15ul, line.HighestPosition);
        Assert.True(line.Restarted);
        Assert.Empty(Sleepers.Of("987123"));
        Assert.Equal(ErrorReason.StaleFence, (await worker.RefusedAsync(Sandbox, 11)).Reason);
        worker.Grant(Sandbox, 15);
        Assert.Equal("lives on", (await worker.InvokeAsync(Sandbox, 15, "lives on")).Payload.ToStringUtf8());
        await EndAsync(second, worker);
    }

    [Fact]
    public async Task A_start_on_another_boot_revives_nothing()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        await worker.StopWorkerAsync();
        File.Delete(Path.Combine(worker.DataDirectory, "boot"));

        await worker.StartWorkerAsync();

        Assert.Empty(worker.Plane.LastHello.Inventory);
        Assert.Empty(Directory.GetDirectories(Path.Combine(worker.DataDirectory, "sandboxes")));
    }

    /// <summary>Ends the sandbox through the agent, then the agent: nothing is left behind.</summary>
    private static async Task EndAsync(AgentProcess process, WorkerFixture worker)
    {
        worker.Destroy(Sandbox);
        await worker.DiedAsync(Sandbox);
        await process.KillAsync();
    }
}
