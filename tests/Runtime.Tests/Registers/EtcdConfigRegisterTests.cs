using System.Collections.Concurrent;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

public sealed class EtcdConfigRegisterTests(EtcdCluster etcd) : ConfigRegisterConformance, IClassFixture<EtcdCluster>
{
    private readonly ConcurrentBag<EtcdConfigRegister> _clients = [];
    private readonly string _journal = Guid.NewGuid().ToString("n");

    public override ValueTask InitializeAsync()
    {
        EtcdCluster.SkipIfMissing();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        while (_clients.TryTake(out var client))
        {
            await client.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Journals_of_one_cluster_do_not_share_a_register()
    {
        Assert.True(await NewClient().TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        await using var other = etcd.NewClient(_journal + "-other");
        Assert.Null(await other.ReadAsync(Stop));
    }

    [Fact]
    public async Task Five_clients_count_right_while_members_are_killed_and_started_again()
    {
        var counting = CountingClients.RunAsync(5, 80, NewClient, Stop);
        var kills = 0;
        for (; !counting.IsCompleted; kills++)
        {
            etcd.KillMember(kills % 3);
            await etcd.StartMemberAsync(kills % 3);
            Assert.True(await etcd.IsAnsweringAsync());
        }

        var count = await counting;
        await count.AssertIsWhatTheRegisterHoldsAsync(NewClient(), Stop);
        Assert.True(kills > 0, "a member was killed while they counted");
    }

    protected override IConfigRegister NewClient()
    {
        var client = etcd.NewClient(_journal);
        _clients.Add(client);
        return client;
    }

    protected override async ValueTask RestartAsync() => await DisposeAsync();
}
