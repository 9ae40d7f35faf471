using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Tests.Registers;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>Three nodes whose register is a real etcd of three members: what each of both may lose.</summary>
public sealed class EtcdRegisterTests(TestRun run, EtcdCluster etcd) : IClassFixture<EtcdCluster>, IAsyncLifetime
{
    private ClusterProcess? _cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ClusterProcess Cluster => _cluster ?? throw new InvalidOperationException("etcd is missing");

    public async ValueTask InitializeAsync()
    {
        EtcdCluster.SkipIfMissing();
        _cluster = new ClusterProcess(run.NewDirectory("etcd-register")) { Etcd = etcd.Endpoints };
        await _cluster.StartAsync();
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_leader_needs_no_register_and_a_new_one_needs_a_majority_of_it()
    {
        var client = await Cluster.NewClientAsync();
        await EchoFunction.DeployAsync(client, Cluster.Root, warm: 2);
        var leases = new List<LeaseHandle> { await client.AllocateAsync(EchoFunction.Lease(), Cancellation) };

        // One of each is lost, at the same time.
        var (first, _) = await Cluster.SettleAsync();
        etcd.KillMember(0);
        await Cluster.KillAsync(first);
        leases.Add(await client.AllocateAsync(EchoFunction.Lease(), Cancellation));
        await Cluster.LaunchAsync(first);
        var (second, _) = await Cluster.SettleAsync();

        // No majority of the register: who leads goes on.
        etcd.KillMember(1);
        leases.Add(await client.AllocateAsync(EchoFunction.Lease(), Cancellation));

        // But nobody follows it, however long two whole nodes are there.
        await Cluster.KillAsync(second);
        var impatient = await Cluster.NewClientAsync(deadline: TimeSpan.FromSeconds(4));
        await Assert.ThrowsAsync<ControlPlaneException>(() => impatient.AllocateAsync(new Allocation(EchoFunction.Name), Cancellation));

        await etcd.StartMemberAsync(1);
        leases.Add(await client.AllocateAsync(EchoFunction.Lease(), Cancellation));
        await Cluster.LaunchAsync(second);
        await Cluster.SettleAsync();
        var listed = await client.ListLeasesAsync(new ListLeasesRequest { Tenant = "default" }, Cancellation);
        Assert.Subset(listed.Leases.Select(lease => lease.Fence).ToHashSet(), leases.Select(lease => lease.Lease.Fence).ToHashSet());
        Assert.Equal(listed.Leases.Count, listed.Leases.Select(lease => lease.Sandbox).Distinct().Count());
        Assert.Equal("hello", (await leases[0].InvokeAsync("hello"u8.ToArray(), cancellation: Cancellation)).Payload.ToStringUtf8().TrimEnd());
    }
}
