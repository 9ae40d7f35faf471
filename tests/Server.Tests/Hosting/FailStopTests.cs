using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Hosting;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Server.Tests.Hosting;

public sealed class FailStopTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("fail-stop-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(DiskOperationKind.SyncData)]
    [InlineData(DiskOperationKind.Write)]
    public async Task A_fault_of_the_journal_is_not_answered_and_ends_the_node_with_its_exit_code(DiskOperationKind kind)
    {
        var disk = new FaultInjectingDisk(new PhysicalDisk());
        await using (var node = await TestNode.StartAsync(_directory, disk))
        {
            var stopped = new TaskCompletionSource();
            node.App.Lifetime.ApplicationStopping.Register(stopped.SetResult);
            disk.Rule = operation => operation.Kind == kind && operation.Path.Contains("segments", StringComparison.Ordinal) ? DiskFault.InputOutputError : null;

            var error = await Assert.ThrowsAsync<RpcException>(() => node.DeployAsync());
            await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), TestNode.Cancellation);

            Assert.NotEqual(StatusCode.OK, error.StatusCode);
            Assert.Equal(ExitCode.JournalFault, node.App.Services.GetRequiredService<FailStop>().Code);
        }

        disk.Rule = null;
        await using var restarted = await TestNode.StartAsync(_directory);
        Assert.NotNull(await restarted.Operator.GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation));
    }
}
