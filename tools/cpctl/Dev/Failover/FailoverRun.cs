using ControlPlane.Verification;
using ControlPlane.Verification.Checks;

namespace ControlPlane.Cpctl;

/// <summary>Does one fault to a cluster under load, as often as asked, and finds out what it cost and whether anything was lost.</summary>
internal sealed class FailoverRun(LocalCluster cluster, string function, int clients)
{
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ResumePatience = TimeSpan.FromSeconds(30);

    /// <summary>Runs; <paramref name="progress"/> hears of each round.</summary>
    public async Task<FailoverView> RunAsync(Fault fault, int rounds, Action<FailoverRound> progress, CancellationToken cancellation)
    {
        await using var load = new FailoverLoad(cluster.Addresses, function, clients);
        var injection = new FaultInjection(cluster);
        var results = new List<FailoverRound>();
        load.Start();
        await WarmUpAsync(load, cancellation);
        for (var round = 1; round <= rounds; round++)
        {
            results.Add(await RunRoundAsync(load, injection, fault, cancellation));
            progress(results[^1]);
        }

        await load.StopAsync();

        // Everything was given back: what is still held was granted to nobody who knows of it.
        var orphans = await load.ListAsync(cancellation);
        var violations = LeaseVerification.Check(load.History);
        return new FailoverView(
            FaultNames.Of(fault),
            clients,
            results,
            load.Count,
            violations.Count(violation => violation.Check is nameof(LostAcknowledgementCheck)),
            violations.Count(violation => violation.Check is not nameof(LostAcknowledgementCheck)) + orphans,
            [.. violations.Take(10).Select(violation => violation.ToString())]);
    }

    private static async Task WarmUpAsync(FailoverLoad load, CancellationToken cancellation)
    {
        var enough = load.Count + 200;
        while (load.Count < enough)
        {
            await Task.Delay(10, cancellation);
        }
    }

    private async Task<FailoverRound> RunRoundAsync(FailoverLoad load, FaultInjection injection, Fault fault, CancellationToken cancellation)
    {
        await cluster.SettleAsync(cancellation);
        await Task.Delay(Before, cancellation);
        var struckAt = TimeSpan.Zero;
        var countBefore = 0;
        await injection.RunAsync(
            fault,
            () =>
            {
                countBefore = load.Count;
                struckAt = load.Now;
            },
            cancellation);
        var resumed = await WaitForResumeAsync(load, struckAt, cancellation);
        await cluster.SettleAsync(cancellation);
        await load.ListAsync(cancellation);
        var all = load.Acknowledged;
        var outage = LongestGap(all, struckAt, load.Now);
        var (warmBefore, warmAfter) = (WarmRate(all.Take(countBefore)), WarmRate(all.SkipWhile(one => one.At < struckAt + outage)));
        return new FailoverRound((long)outage.TotalMilliseconds, resumed, warmBefore, warmAfter);
    }

    private static async Task<bool> WaitForResumeAsync(FailoverLoad load, TimeSpan struckAt, CancellationToken cancellation)
    {
        var deadline = load.Now + ResumePatience;
        var count = load.Count;
        while (load.Now < deadline)
        {
            if (load.Now > struckAt + TimeSpan.FromMilliseconds(500) && load.Count > count + 100)
            {
                return true;
            }

            await Task.Delay(10, cancellation);
        }

        return false;
    }

    /// <summary>The longest time around the fault in which nothing was acknowledged to anybody.</summary>
    private static TimeSpan LongestGap(IReadOnlyList<FailoverLoad.Acknowledgement> all, TimeSpan from, TimeSpan until)
    {
        var last = from;
        var longest = TimeSpan.Zero;
        foreach (var one in all.Where(one => one.At >= from))
        {
            longest = one.At - last > longest ? one.At - last : longest;
            last = one.At;
        }

        return last == from ? until - from : longest;
    }

    private static double WarmRate(IEnumerable<FailoverLoad.Acknowledgement> some)
    {
        var all = some.ToList();
        return all.Count == 0 ? 0 : (double)all.Count(one => one.Warm) / all.Count;
    }
}

/// <summary>One round: how long nothing was acknowledged, and what share of the allocations found a sandbox that was there already.</summary>
internal sealed record FailoverRound(long OutageMs, bool Resumed, double WarmBefore, double WarmAfter);
