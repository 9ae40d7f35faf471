using ControlPlane.Primitives;

namespace ControlPlane.Worker.Session;

/// <summary>
/// Keeps a session with each partition of the plane for as long as the agent runs, each for its share of the capacity. How many partitions there are, the plane
/// tells: it takes no session of a worker that divides its capacity otherwise.
/// </summary>
internal sealed class PlaneSessions(WorkerAgent agent, string endpoint)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancelled)
    {
        var count = 1;
        while (!cancelled.IsCancellationRequested)
        {
            count = await RunAsync(count, cancelled) ?? count;
        }
    }

    /// <summary>Runs the sessions with so many partitions; returns when cancelled, or what else the plane says their number is.</summary>
    private async Task<int?> RunAsync(int count, CancellationToken cancelled)
    {
        var shares = PartitionShare.Divide(agent.Options, count).Where(share => share.IsUsable).ToList();
        Invariant.Check(shares.Count > 0, "a worker has room for one sandbox, so that some partition has a share");
        WorkerLog.Divided(agent.Logger, count, shares.Count);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var loops = shares.Select(share => new SessionLoop(agent, share, endpoint).RunAsync(over.Token)).ToArray();
        try
        {
            return await await Task.WhenAny(loops);
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)Task.WhenAll(loops)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
