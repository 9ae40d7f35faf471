using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Tests.Cluster;

/// <summary>A replica gives its place to another while the journal serves.</summary>
public sealed class ReplicaReplacementTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wiped_node_takes_the_place_of_what_it_was_while_appends_go_on()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var leader = await cluster.LeaderAsync();
        var wiped = cluster.Nodes.Last(node => node != leader);
        var lost = wiped.Replica;
        await wiped.EndAsync();
        wiped.Wipe();
        wiped.Start();
        using var enough = new CancellationTokenSource();
        var appending = AppendUntilAsync(cluster, enough.Token);

        var stages = new List<ReplacementStage>();
        var done = await ReplaceAsync(cluster, new ReplicaReplacement(), progress => stages.Add(progress.Stage));

        await enough.CancelAsync();
        var appended = await appending;
        Assert.Equal((ReplacementStage.Replaced, lost, wiped.Replica, wiped.Name), (done.Stage, done.Leaving, done.Joining, done.Node));
        Assert.Equal([ReplacementStage.CatchingUp, ReplacementStage.ChangingVotes, ReplacementStage.HandingOver, ReplacementStage.Replaced], stages.Distinct());

        // It counts from now on, in the journal and in the register: with one of the others gone it makes a majority.
        await cluster.Nodes.First(node => node != wiped).EndAsync();
        var last = await cluster.AppendAsync(appended + 1);
        await cluster.AssertAllHoldAsync(last.Last, [.. Enumerable.Range(1, (int)appended + 1).Select(i => (ulong)i)]);
    }

    [Fact]
    public async Task A_new_node_takes_the_place_of_one_that_lives()
    {
        await using var cluster = ClusterUnderTest.Start(nodes: 4, founders: 3);
        await cluster.AppendAsync(1);
        var leader = await cluster.LeaderAsync();
        var joining = cluster.Nodes[3];

        var done = await ReplaceAsync(cluster, new ReplicaReplacement(Leaving: leader.Name), _ => { });

        Assert.Equal((leader.Replica, joining.Replica), (done.Leaving, done.Joining));
        Assert.NotSame(leader, await cluster.LeaderAsync());
        await leader.EndAsync();
        leader.Wipe();
        var last = await cluster.AppendAsync(2);
        await cluster.AssertAllHoldAsync(last.Last, 1, 2);
    }

    [Fact]
    public async Task What_cannot_be_replaced_is_refused_with_the_reason_and_the_leader_leads_on()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var leader = await cluster.LeaderAsync();
        await ClusterUnderTest.UntilAsync(() => cluster.Nodes.Where(node => node != leader).All(node => leader.Journal!.Engine.NodeNameOf(node.Replica) is not null));
        var epoch = leader.Journal!.Engine.Epoch;

        var noSpare = await Assert.ThrowsAsync<ReplacementFailedException>(() => leader.Journal.Engine.ReplaceReplicaAsync(new ReplicaReplacement(), _ => { }, Stop));
        var unknown = await Assert.ThrowsAsync<ReplacementFailedException>(() => leader.Journal.Engine.ReplaceReplicaAsync(new ReplicaReplacement(Joining: "node-9"), _ => { }, Stop));

        Assert.Contains("spare", noSpare.Message, StringComparison.Ordinal);
        Assert.Contains("node-9", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(AppendStatus.Ok, (await leader.Journal.AppendAsync(ClusterUnderTest.Request(2))).Status);
        Assert.Equal(epoch, leader.Journal.Engine.Epoch);
    }

    [Fact]
    public async Task A_follower_replaces_nothing_and_names_the_leader()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Nodes.First(node => node != leader);
        await ClusterUnderTest.UntilAsync(() => follower.Read() is [1]);

        var refused = await Assert.ThrowsAsync<JournalNotLedException>(
            () => follower.Journal!.Engine.ReplaceReplicaAsync(new ReplicaReplacement(), _ => { }, Stop));

        Assert.Equal($"http://{leader.Name}", refused.Leader);
    }

    // As an operator does: at whoever leads, and again when that changed.
    private static async Task<ReplacementProgress> ReplaceAsync(ClusterUnderTest cluster, ReplicaReplacement wanted, Action<ReplacementProgress> progress)
    {
        while (true)
        {
            var leader = await cluster.LeaderAsync();
            try
            {
                return await leader.Journal!.Engine.ReplaceReplicaAsync(wanted, progress, Stop);
            }
            catch (Exception e) when (e is JournalNotLedException or ReplacementFailedException)
            {
                TestContext.Current.TestOutputHelper!.WriteLine(e.Message);
                await Task.Delay(10, Stop);
            }
        }
    }

    private static async Task<ulong> AppendUntilAsync(ClusterUnderTest cluster, CancellationToken enough)
    {
        ulong sequence = 1;
        while (!enough.IsCancellationRequested)
        {
            await cluster.AppendAsync(++sequence);
        }

        return sequence;
    }
}
