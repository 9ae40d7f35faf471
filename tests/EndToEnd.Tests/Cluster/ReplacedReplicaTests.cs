using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>A machine lost its disk: by one command the empty node takes its place, while clients go on.</summary>
public sealed class ReplacedReplicaTests(TestRun run) : IAsyncLifetime
{
    private readonly ClusterProcess _cluster = new(run.NewDirectory("replaced"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_wiped_node_is_replaced_under_load_and_counts_from_then_on()
    {
        var client = await _cluster.NewClientAsync();
        await EchoFunction.DeployAsync(client, _cluster.Root, warm: 2);
        var held = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        var (leader, _) = await _cluster.SettleAsync();
        var wiped = (leader + 1) % ClusterProcess.Nodes;
        await _cluster.KillAsync(wiped);
        Directory.Delete(_cluster.DataOf(wiped), recursive: true);
        await _cluster.LaunchAsync(wiped);
        await Eventually.HoldsAsync(
            async () => (await _cluster.StatusAsync(await _cluster.LeaderAsync()))!.Replicas.Any(replica => replica.Standing == "spare"),
            () => $"the empty node is seen as a spare; they said:\n{_cluster.Said}");
        using var enough = new CancellationTokenSource();
        var serving = ServeAsync(client, enough.Token);

        foreach (var journal in new[] { "wm-0", "jobs" })
        {
            var replaced = (await ReplaceAsync(journal)).Ended(0);
            Assert.Contains($"{ClusterProcess.NameOf(wiped)}: handing over", replaced.Error, StringComparison.Ordinal);
            Assert.Contains($"on {ClusterProcess.NameOf(wiped)}", replaced.Output, StringComparison.Ordinal);
        }

        await enough.CancelAsync();
        Assert.True(await serving > 0, "clients were served meanwhile");
        var again = (await ReplaceAsync("wm-0", "--json")).Ended(1);
        Assert.Equal("NO_REPLACEMENT", again.ErrorJson.GetProperty("reason").GetString());

        // With one of the others gone the new replica makes the majority.
        var (next, _) = await _cluster.SettleAsync();
        await _cluster.KillAsync(next == wiped ? leader : next);
        var more = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        var listed = await client.ListLeasesAsync(new ListLeasesRequest { Tenant = "default" }, Cancellation);
        Assert.Equal([held.Lease.Fence, more.Lease.Fence], listed.Leases.Select(lease => lease.Fence).ToHashSet());
    }

    private Task<CommandResult> ReplaceAsync(string journal, params string[] more) =>
        Cpctl.RunAsync(string.Join(',', _cluster.Addresses), ["replica", "replace", "--journal", journal, .. more]);

    private static async Task<int> ServeAsync(ControlPlaneClient client, CancellationToken enough)
    {
        var served = 0;
        while (!enough.IsCancellationRequested)
        {
            await using var brief = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
            served++;
        }

        return served;
    }
}
