using ControlPlane.Worker.Processes;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Sandboxes;

/// <summary>The agent as a real process with few file descriptors.</summary>
public sealed class DescriptorShortageTests
{
    private const int DescriptorsMax = 320;
    private const ulong Asked = 64;

    [Fact]
    public async Task A_sandbox_without_descriptors_is_refused_and_the_agent_goes_on()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.StopWorkerAsync();
        await using var agent = await AgentProcess.StartAsync(worker, DescriptorsMax);

        for (ulong sandbox = 1; sandbox <= Asked; sandbox++)
        {
            worker.Create(sandbox, WorkerFixture.Shell("sleep 987456"));
        }

        await worker.Plane.HearAsync(
            message => message.SandboxReport?.Died?.Reason.Contains(MachineFailure.NoDescriptors, StringComparison.Ordinal) == true,
            "a sandbox is refused for want of descriptors");
        for (ulong sandbox = 1; sandbox <= Asked; sandbox++)
        {
            worker.Destroy(sandbox);
        }

        for (ulong sandbox = 1; sandbox <= Asked; sandbox++)
        {
            await worker.DiedAsync(sandbox);
        }

        Assert.Empty(Sleepers.Of("987456"));
        Assert.False(agent.HasExited);
        await worker.CreateReadyAsync(Asked + 1, WorkerFixture.EchoShell());
        worker.Destroy(Asked + 1);
        await worker.DiedAsync(Asked + 1);
    }
}
