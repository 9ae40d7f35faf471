using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Tests.Cluster;

/// <summary>Three nodes, real sockets, real files: what any one of them may suffer.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Three_fresh_nodes_come_to_one_journal_and_all_hold_it()
    {
        await using var cluster = ClusterUnderTest.Start();

        var first = await cluster.AppendAsync(1);
        var second = await cluster.AppendAsync(2);

        Assert.True(first.Last < second.First);
        await cluster.AssertAllHoldAsync(second.Last, 1, 2);
    }

    [Fact]
    public async Task When_the_leader_ends_another_goes_on_and_knows_what_it_had_answered()
    {
        await using var cluster = ClusterUnderTest.Start();
        var original = await cluster.AppendAsync(1);
        var old = await cluster.LeaderAsync();
        await old.EndAsync();

        var retried = await cluster.AppendAsync(1);
        await cluster.AppendAsync(2);

        Assert.Equal((original.First, true), (retried.First, retried.Replayed));
        old.Start();
        var last = await cluster.AppendAsync(3);
        await cluster.AssertAllHoldAsync(last.Last, 1, 2, 3);
    }

    [Fact]
    public async Task What_snapshots_of_a_majority_cover_goes_at_every_node_that_has_one()
    {
        await using var cluster = ClusterUnderTest.Start();
        var leader = await cluster.LeaderAsync();
        AppendResult last = default;
        for (var i = 0; i < 24; i++)
        {
            // More than a file holds: only whole files go.
            last = await leader.Journal!.AppendAsync(new AppendRequest { Payloads = [new byte[200 << 10]] });
        }

        var (with, without) = (cluster.Nodes.First(node => node != leader), cluster.Nodes.Last(node => node != leader));
        foreach (var node in new[] { leader, with })
        {
            await ClusterUnderTest.UntilAsync(() => node.Journal!.Engine.Committed >= last.Last);
            await node.Journal!.PutSnapshotAsync(last.Last, new byte[] { 1 }, TestContext.Current.CancellationToken);
        }

        // The leader learns of the other's snapshot by an acknowledgement.
        var head = SequenceNumber.First;
        for (var sequence = 1ul; head == SequenceNumber.First; sequence++)
        {
            await cluster.AppendAsync(sequence);
            head = (await leader.Journal!.TrimAsync(last.Last)).First;
        }

        await ClusterUnderTest.UntilAsync(() => with.Journal!.Engine.Head == head);
        Assert.Equal(SequenceNumber.First, without.Journal!.Engine.Head);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_answers_nothing_and_drops_what_was_never_committed()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var old = await cluster.LeaderAsync();
        cluster.Isolate(old);

        var lost = old.Journal!.AppendAsync(ClusterUnderTest.Request(99)).AsTask();
        var stale = old.Journal.CheckTailAsync().AsTask();
        await cluster.AppendAsync(2, otherThan: old);

        await Assert.ThrowsAsync<JournalDeposedException>(() => lost);
        await Assert.ThrowsAsync<JournalDeposedException>(() => stale);
        cluster.Heal();
        var last = await cluster.AppendAsync(3);
        await cluster.AssertAllHoldAsync(last.Last, 1, 2, 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_leader_that_is_cut_off_in_one_direction_gives_way(bool isHeard)
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var old = await cluster.LeaderAsync();
        foreach (var other in cluster.Nodes.Where(node => node != old))
        {
            if (isHeard)
            {
                cluster.Cut(other, old);
            }
            else
            {
                cluster.Cut(old, other);
            }
        }

        await cluster.AppendAsync(2, otherThan: old);

        Assert.NotSame(old, await cluster.LeaderAsync());
        cluster.Heal();
        var last = await cluster.AppendAsync(3);
        await cluster.AssertAllHoldAsync(last.Last, 1, 2, 3);
    }

    [Fact]
    public async Task A_follower_that_is_cut_off_disturbs_nobody_and_catches_up()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var leader = await cluster.LeaderAsync();
        var epoch = leader.Journal!.Engine.Epoch;
        var away = cluster.Nodes.First(node => node != leader);
        cluster.Isolate(away);
        await cluster.AppendAsync(2);

        cluster.Heal();
        var last = await cluster.AppendAsync(3);

        await cluster.AssertAllHoldAsync(last.Last, 1, 2, 3);
        Assert.Equal(epoch, leader.Journal.Engine.Epoch);
    }

    [Fact]
    public async Task What_was_answered_outlives_the_end_of_all_nodes()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        foreach (var node in cluster.Nodes)
        {
            await node.EndAsync();
        }

        foreach (var node in cluster.Nodes)
        {
            node.Start();
        }

        var last = await cluster.AppendAsync(2);
        await cluster.AssertAllHoldAsync(last.Last, 1, 2);
    }

    [Fact]
    public async Task A_node_that_was_away_for_long_is_brought_forward_from_disk()
    {
        await using var cluster = ClusterUnderTest.Start();
        var leader = await cluster.LeaderAsync();
        var away = cluster.Nodes.First(node => node != leader);
        await away.EndAsync();

        // More than is kept in memory.
        var last = await AppendMuchAsync(cluster, leader);
        away.Start();

        await ClusterUnderTest.UntilAsync(() => away.Journal!.Engine.Committed >= last);
        Assert.Equal(SequenceNumber.First, away.Journal!.Engine.Head);
        Assert.Equal(leader.Read(), away.Read());
    }

    [Fact]
    public async Task A_node_whose_missing_entries_are_trimmed_begins_behind_a_snapshot()
    {
        await using var cluster = ClusterUnderTest.Start();
        var leader = await cluster.LeaderAsync();
        var away = cluster.Nodes.First(node => node != leader);
        await away.EndAsync();
        var last = await AppendMuchAsync(cluster, leader);
        await TrimAsync(cluster, leader, last);

        away.Start();
        var next = await cluster.AppendAsync(5);

        await ClusterUnderTest.UntilAsync(() => away.Journal!.Engine.Committed >= next.Last);
        Assert.True(away.Journal!.Engine.Head > SequenceNumber.First, "it begins behind the snapshot");
        Assert.Equal(5UL, away.Read()[^1]);
    }

    [Fact]
    public async Task A_replica_that_lost_its_entries_is_healed_by_the_others_before_it_counts()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        await cluster.AppendAsync(2);
        var leader = await cluster.LeaderAsync();
        var hurt = cluster.Nodes.First(node => node != leader);
        await ClusterUnderTest.UntilAsync(() => hurt.Read() is [1, 2]);
        await hurt.EndAsync();
        foreach (var segment in Directory.GetDirectories(Path.Combine(hurt.ReplicaDirectory, "segments")))
        {
            Directory.Delete(segment, recursive: true);
        }

        hurt.Start();
        var last = await cluster.AppendAsync(3);

        await cluster.AssertAllHoldAsync(last.Last, 1, 2, 3);
    }

    [Fact]
    public async Task A_hand_over_moves_the_reign_and_loses_nothing()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var old = await cluster.LeaderAsync();
        var successor = cluster.Nodes.Last(node => node != old);

        Assert.Equal(HandOverOutcome.HandedOver, await HandOverAsync(old, successor));

        var last = await cluster.AppendAsync(2);
        await cluster.AssertAllHoldAsync(last.Last, 1, 2);
        Assert.Equal(HandOverOutcome.NotReigning, await old.Journal!.Engine.HandOverAsync(null, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Nothing_is_handed_over_to_a_node_that_is_not_there()
    {
        await using var cluster = ClusterUnderTest.Start();
        await cluster.AppendAsync(1);
        var leader = await cluster.LeaderAsync();

        Assert.Equal(HandOverOutcome.NoSuccessor, await leader.Journal!.Engine.HandOverAsync("nobody", TimeSpan.FromSeconds(1)));

        Assert.Equal(AppendStatus.Ok, (await leader.Journal.AppendAsync(ClusterUnderTest.Request(2))).Status);
    }

    // A successor that was away a moment ago is asked again.
    private static async Task<HandOverOutcome> HandOverAsync(NodeUnderTest from, NodeUnderTest to)
    {
        HandOverOutcome outcome;
        do
        {
            outcome = await from.Journal!.Engine.HandOverAsync(to.Name, TimeSpan.FromSeconds(10));
        }
        while (outcome == HandOverOutcome.NoSuccessor);
        return outcome;
    }

    private static async Task<SequenceNumber> AppendMuchAsync(ClusterUnderTest cluster, NodeUnderTest leader)
    {
        var payload = new byte[60_000];
        AppendResult result = default;
        for (var i = 0; i < 200; i++)
        {
            result = await leader.Journal!.AppendAsync(new AppendRequest { Payloads = [payload, payload] });
        }

        await ClusterUnderTest.UntilAsync(() => cluster.Running.All(node => node.Journal!.Engine.Committed >= result.Last));
        return result.Last;
    }

    private static async Task TrimAsync(ClusterUnderTest cluster, NodeUnderTest leader, SequenceNumber last)
    {
        foreach (var node in cluster.Running)
        {
            await node.Journal!.PutSnapshotAsync(last, new byte[] { 1 }, TestContext.Current.CancellationToken);
        }

        // The writer hears of the other's snapshot with its next acknowledgement.
        SequenceNumber head;
        do
        {
            await leader.Journal!.AppendAsync(new AppendRequest { Payloads = [new byte[] { 1 }] });
            head = (await leader.Journal.TrimAsync(last)).First;
        }
        while (head == SequenceNumber.First);
    }
}
