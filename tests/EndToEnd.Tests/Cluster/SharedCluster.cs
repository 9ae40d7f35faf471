using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>A cluster for tests that leave it as they found it, one after another; one that does not is given up, and the next test gets a new one.</summary>
public sealed class SharedCluster(TestRun run) : IAsyncDisposable
{
    private ClusterProcess? _cluster;

    internal async Task<ClusterProcess> TakeAsync()
    {
        if (_cluster is null)
        {
            _cluster = new ClusterProcess(run.NewDirectory("cluster"));
            await _cluster.StartAsync();
            await EchoFunction.DeployAsync(await _cluster.NewClientAsync(), _cluster.Root, warm: 2);
        }

        var taken = _cluster;
        await taken.SettleAsync();
        _cluster = null;
        return taken;
    }

    /// <summary>The test is over.</summary>
    internal async Task GiveBackAsync(ClusterProcess taken, bool isAsFound)
    {
        if (isAsFound)
        {
            _cluster = taken;
        }
        else
        {
            await taken.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
