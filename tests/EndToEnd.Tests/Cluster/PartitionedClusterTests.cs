using System.Globalization;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Primitives;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>Several journals at three nodes: each has a leader of its own and moves by itself; callers and workers find each.</summary>
public sealed class PartitionedClusterTests(TestRun run) : IAsyncLifetime
{
    private const int Partitions = 4;

    private readonly ClusterProcess _cluster = new(run.NewDirectory("partitioned")) { Partitions = Partitions };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Partitions_are_led_moved_and_lost_one_by_one()
    {
        var client = await _cluster.NewClientAsync();
        var functions = Functions();
        foreach (var function in functions)
        {
            await EchoFunction.DeployAsync(client, _cluster.Root, name: function);
        }

        Assert.Equal(functions.Order(StringComparer.Ordinal), (await client.Operator.ListFunctionsAsync(cancellation: Cancellation)).Functions.Select(status => status.Function.Name));
        Assert.Equal(64u, Assert.Single((await client.Operator.ListWorkersAsync(Cancellation)).Workers).CapacitySandboxes);

        // The first leaders are spread, so that no node does everything.
        var leaders = await LeadersAsync();
        Assert.True(leaders.Distinct().Count() > 1, string.Join(' ', leaders));

        var leases = new List<LeaseHandle>();
        for (var partition = 0; partition < Partitions; partition++)
        {
            leases.Add(await client.AllocateAsync(EchoFunction.Lease(name: functions[partition]), Cancellation));
            Assert.Equal((uint)partition, leases[partition].Id.Partition.Value);
            Assert.Equal("hello", (await leases[partition].InvokeAsync("hello"u8.ToArray(), cancellation: Cancellation)).Payload.ToStringUtf8().TrimEnd());
        }

        // Moved by itself, from whoever leads it to a node that does not.
        await _cluster.SettleAsync();
        var target = (leaders[3] + 1) % ClusterProcess.Nodes;
        (await RunAsync("handover", "--partition", "3", "--to", ClusterProcess.NameOf(target))).Ended(0);
        var moved = await LeadersAsync();
        Assert.Equal([.. leaders[..3], target], moved);

        // A node dies: what it led goes to others, and nothing else changes.
        await _cluster.SettleAsync();
        await _cluster.KillAsync(target);
        var more = await Task.WhenAll(functions.Select(function => client.AllocateAsync(EchoFunction.Lease(name: function), Cancellation)));
        var after = await LeadersAsync();
        Assert.All(after.Index(), one => Assert.True(moved[one.Index] == target ? one.Item != target : one.Item == moved[one.Index], string.Join(' ', after)));

        var listed = (await RunAsync("lease", "list", "--json")).Ended(0).Json.GetProperty("leases").EnumerateArray().Select(lease => lease.GetProperty("lease").GetString()!).ToHashSet();
        Assert.Equal(leases.Concat(more).Select(Written).ToHashSet(), listed);

        // One call of the client gives back what is of all partitions.
        var answers = await client.ReleaseAsync([.. leases.Concat(more).Select(lease => lease.Reference)], Cancellation);
        Assert.All(answers, answer => Assert.NotNull(answer.Released));
        Assert.Empty((await RunAsync("lease", "list", "--json")).Ended(0).Json.GetProperty("leases").EnumerateArray());
    }

    private async Task<List<int>> LeadersAsync()
    {
        var leaders = new List<int>();
        for (var partition = 0u; partition < Partitions; partition++)
        {
            leaders.Add(await _cluster.LeaderAsync(partition));
        }

        return leaders;
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => Cpctl.RunAsync(string.Join(',', _cluster.Running.Select(_cluster.AddressOf)), arguments);

    private static string Written(LeaseHandle lease) => string.Create(CultureInfo.InvariantCulture, $"{lease.Id}@{lease.Fence.Epoch.Value}");

    /// <summary>One function of each partition.</summary>
    private static List<string> Functions()
    {
        var map = new PartitionMap(Partitions);
        return [.. map.All.Select(partition => Enumerable.Range(0, 1_000).Select(i => $"echo-{i}").First(name => map.Of(FunctionName.Create(name)) == partition))];
    }
}
