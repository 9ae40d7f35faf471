using System.Text;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;

namespace ControlPlane.Replication.Tests.Nodes;

public sealed class JournalNodeTests
{
    [Fact]
    public void Three_fresh_replicas_come_to_one_writer_and_commit()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();

        var result = Append(cluster, writer, "a", "b");

        Assert.Equal((AppendStatus.Ok, 1UL, 2UL), (result.Status, result.First.Value, result.Last.Value));
        Assert.Equal(2, cluster.Committed.Count);
        cluster.Pass(cluster.Timings.Heartbeat * 2);
        Assert.All(cluster.Replicas, replica => Assert.Equal(new SequenceNumber(2), replica.Node!.Committed));
    }

    [Fact]
    public void A_new_writer_makes_each_replica_begin_one_segment()
    {
        // A segment costs a file and several syncs, in the very moment in which everybody waits.
        var cluster = new SimulatedCluster(3);
        cluster.AwaitWriter();
        cluster.Pass(cluster.Timings.Heartbeat * 3);

        Assert.Equal([1, 1, 1], cluster.Replicas.Select(replica => replica.SegmentsBegun));
    }

    [Fact]
    public void What_the_writer_keeps_no_longer_the_others_need_not_keep_either_and_who_was_away_hears_it_later()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        Append(cluster, writer, "a", "b", "c");
        cluster.Pass(cluster.Timings.Heartbeat * 2);
        var (near, away) = (cluster.Replicas.First(replica => replica != writer), cluster.Replicas.Last(replica => replica != writer));
        away.Crash(0);

        cluster.Run(writer, node => node.Trimmed(new SequenceNumber(3)));
        cluster.Settle();
        Assert.Equal((3ul, 0ul), (near.MayTrimTo.Value, away.MayTrimTo.Value));

        cluster.Start(away);
        cluster.Pass(cluster.Timings.Heartbeat * 3);
        Assert.Equal(3ul, away.MayTrimTo.Value);
    }

    [Fact]
    public void One_replica_alone_is_its_own_majority()
    {
        var cluster = new SimulatedCluster(1);
        cluster.Run(cluster.Replicas[0], node => node.Stand(cluster.Replicas[0].Now));
        cluster.Settle();

        Append(cluster, cluster.Replicas[0], "a");

        Assert.Single(cluster.Committed);
    }

    [Fact]
    public void Nothing_commits_without_a_majority_and_the_writer_steps_down()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        Isolate(cluster, writer);

        Append(cluster, writer, "a");
        Assert.Empty(cluster.Committed);
        cluster.Pass(cluster.Timings.Lease);

        Assert.NotEqual(NodeRole.Writer, writer.Node!.Role);
    }

    [Fact]
    public void A_writer_that_hears_nobody_but_is_heard_says_that_it_steps_down_and_is_followed_before_its_silence_would_be_noticed()
    {
        var cluster = new SimulatedCluster(3);
        var old = cluster.AwaitWriter();
        foreach (var other in cluster.Replicas.Where(replica => replica != old))
        {
            cluster.Cut.Add((other.Id, old.Id));
        }

        // Its lease ends by its own clock; from then on a follower waits a heartbeat and its stagger, not a lease.
        cluster.Pass(cluster.Timings.Lease + (cluster.Timings.Heartbeat * 3) + cluster.Timings.Stagger);

        Assert.NotEqual(old.Id, Assert.IsType<SimulatedReplica>(cluster.Writer).Id);
    }

    [Fact]
    public void A_writer_counts_only_answers_to_itself_however_clocks_differ()
    {
        // Followers have answered an earlier writer whose clock was half a minute ahead.
        var cluster = new SimulatedCluster(3);
        var first = cluster.Replicas[0];
        cluster.Run(first, node => node.Stand(first.Now));
        cluster.Settle();
        cluster.Pass(cluster.Timings.Heartbeat * 2);
        first.Crash(0);
        var writer = cluster.AwaitWriterOtherThan(first);
        cluster.Pass(cluster.Timings.Heartbeat * 2);
        Assert.True(writer.Node!.ConfirmedAt(writer.Now) <= writer.Now, "nothing is confirmed that was not sent yet");
        Isolate(cluster, writer);

        cluster.Pass(cluster.Timings.Lease * 2);

        Assert.NotEqual(NodeRole.Writer, writer.Node!.Role);
    }

    [Fact]
    public void Whoever_waits_for_a_confirmation_asks_for_it_once()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        cluster.Now += TimeSpan.FromMilliseconds(1);
        var since = writer.Now;
        cluster.Run(writer, node => node.Confirm(since, writer.Now));
        Assert.Equal(2, cluster.Messages.Count);

        // Every answer is a batch of its own, after which the user still waits, and says so.
        cluster.Now += TimeSpan.FromMilliseconds(1);
        cluster.Run(writer, node => node.Confirm(since, writer.Now));

        Assert.Equal(2, cluster.Messages.Count);
        cluster.Settle();
        Assert.True(writer.Node!.ConfirmedAt(writer.Now) >= since, "the answers to what was sent confirm it");
    }

    [Fact]
    public void Entries_that_got_lost_without_a_broken_connection_are_sent_again()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        var deaf = cluster.Replicas.First(replica => replica != writer);
        cluster.Run(writer, _ => writer.Append([1]));

        // A full mailbox drops what arrives, and nobody says so. Nothing more is appended: only heartbeats follow.
        Assert.True(cluster.Messages.RemoveAll(message => message.To == deaf.Id) > 0);
        cluster.Settle();
        cluster.Pass(cluster.Timings.Heartbeat * 4);

        Assert.Equal(1, deaf.Held);
        Assert.Equal(writer.Node!.Committed, deaf.Node!.Committed);
    }

    [Fact]
    public void An_entry_that_a_majority_held_outlives_its_writer()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        Append(cluster, writer, "a");
        writer.Crash(0);

        var next = cluster.AwaitWriter();

        Assert.NotEqual(writer.Id, next.Id);
        Append(cluster, next, "b");
        Assert.Equal(2, cluster.Committed.Count);
        cluster.Start(writer);
        cluster.Pass(cluster.Timings.Lease);
        Assert.Equal(new SequenceNumber(2), writer.Node!.Committed);
    }

    [Fact]
    public void A_late_replica_clips_what_was_never_committed()
    {
        var cluster = new SimulatedCluster(3);
        var old = cluster.AwaitWriter();
        Append(cluster, old, "kept");
        Isolate(cluster, old);
        Append(cluster, old, "lost", "lost too");
        Assert.Equal(3, old.Held);
        var next = cluster.AwaitWriterOtherThan(old);
        Append(cluster, next, "instead");

        cluster.Cut.Clear();
        cluster.Pass(cluster.Timings.Lease * 2);

        Assert.Equal(2, old.Held);
        Assert.Equal(new SequenceNumber(2), old.Node!.Committed);
        Assert.Equal(next.Encoded(new SequenceNumber(2)), old.Encoded(new SequenceNumber(2)));
    }

    [Fact]
    public void A_commit_says_nothing_about_a_history_that_was_never_compared()
    {
        var cluster = new SimulatedCluster(3);
        var late = cluster.AwaitWriter();
        Isolate(cluster, late);
        Append(cluster, late, "never committed, of a reign that everybody has forgotten since");
        var join = new Join(new Epoch(9), new SequenceNumber(50), new ChainHash(1), [], IsMember: true);
        var heartbeat = new Append(join.Epoch, new SequenceNumber(60), 1, new SequenceNumber(61), default);

        cluster.Run(late, _ => late.Receive(new ReplicaId(3), join));
        cluster.Run(late, _ => late.Receive(new ReplicaId(3), heartbeat));

        Assert.Equal(join.Epoch, late.Node!.Reign!.Value.Epoch);
        Assert.Equal((1, SequenceNumber.None), (late.Held, late.Node.Committed));
    }

    [Fact]
    public void A_paused_writer_that_wakes_up_commits_nothing_more()
    {
        var cluster = new SimulatedCluster(3);
        var old = cluster.AwaitWriter();
        Isolate(cluster, old);
        var next = cluster.AwaitWriterOtherThan(old, ticking: false);
        cluster.Cut.Clear();

        if (old.Node!.Sequencer is not null)
        {
            Append(cluster, old, "late");
        }

        Assert.Empty(cluster.Committed);
        Assert.Same(next, cluster.Writer);
    }

    [Fact]
    public void A_follower_that_was_away_does_not_disturb_a_reign_that_works()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        var away = cluster.Replicas.First(replica => replica != writer);
        Isolate(cluster, away);
        cluster.Pass(cluster.Timings.Lease * 4);
        var epoch = cluster.HighestEpoch;

        cluster.Cut.Clear();
        cluster.Pass(cluster.Timings.Lease * 4);

        Assert.Equal(epoch, cluster.HighestEpoch);
        Assert.Same(writer, cluster.Writer);
        Append(cluster, writer, "a");
        cluster.Pass(cluster.Timings.Heartbeat * 2);
        Assert.Equal(new SequenceNumber(1), away.Node!.Committed);
    }

    [Fact]
    public void A_follower_that_sees_its_writers_connection_break_does_not_wait_for_the_lease()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        cluster.Pass(cluster.Timings.Heartbeat);
        writer.Crash(0);
        foreach (var follower in cluster.Replicas.Where(replica => replica != writer))
        {
            cluster.Run(follower, node => node.Gone(writer.Id, follower.Now));
        }

        cluster.Pass(cluster.Timings.Heartbeat + cluster.Timings.Stagger + cluster.Timings.Heartbeat);

        Assert.Contains(cluster.Replicas, replica => replica != writer && replica.Node!.Role == NodeRole.Writer);
    }

    [Fact]
    public void A_hand_over_changes_the_writer_at_once_and_loses_nothing()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        Append(cluster, writer, "a");
        var successor = cluster.Replicas.Last(replica => replica != writer);
        var before = cluster.Now;

        cluster.Run(writer, node => Assert.True(node.TryHandOver(successor.Id, [.. cluster.Replicas.Select(r => r.Id)])));
        cluster.Settle();

        Assert.Equal((before, successor), (cluster.Now, cluster.Writer));
        Append(cluster, successor, "b");
        Assert.Equal(2, cluster.Committed.Count);
    }

    [Fact]
    public void A_hand_over_whose_successor_dies_ends_like_any_lost_writer()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        var successor = cluster.Replicas.Last(replica => replica != writer);
        cluster.Run(writer, node => Assert.True(node.TryHandOver(successor.Id, [.. cluster.Replicas.Select(r => r.Id)])));
        successor.Crash(0);
        cluster.Settle();

        cluster.Pass(cluster.Timings.Lease);
        Assert.NotNull(cluster.AwaitWriterOtherThan(successor));
    }

    [Fact]
    public void A_replica_is_replaced_while_the_journal_serves()
    {
        var cluster = new SimulatedCluster(4, founders: 3);
        var writer = cluster.AwaitWriter();
        Append(cluster, writer, "a");
        var lost = cluster.Replicas.Take(3).Last(replica => replica != writer);
        lost.Crash(0);
        var learner = cluster.Replicas[3];
        Append(cluster, writer, "b");

        cluster.Run(writer, node => node.AddLearner(learner.Id, writer.Now));
        cluster.Pass(cluster.Timings.Heartbeat * 3);
        Assert.Equal(2, learner.Held);
        ReplicaId[] next = [.. cluster.Replicas.Where(r => r != lost).Select(r => r.Id)];
        cluster.Run(writer, node => Assert.True(node.TryHandOver(learner.Id, next)));
        cluster.Settle();

        Assert.Same(learner, cluster.Writer);
        Assert.Equal(next.Order(), cluster.Configuration!.Current!.Replicas.Order());
        Append(cluster, learner, "c");
        Assert.Equal(3, cluster.Committed.Count);
        foreach (var other in cluster.Replicas.Where(replica => replica != learner))
        {
            other.Crash(0);
        }

        Append(cluster, learner, "not yet: one of three");
        Assert.Equal(3, cluster.Committed.Count);
    }

    [Fact]
    public void A_replica_that_lost_entries_answers_no_seal_until_it_holds_them_again()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        Append(cluster, writer, "a", "b");
        var hurt = cluster.Replicas.First(replica => replica != writer);
        var other = cluster.Replicas.Last(replica => replica != writer);
        hurt.Crash(0);
        hurt.LoseEntries(0);
        Isolate(cluster, hurt);
        cluster.Start(hurt);
        other.Crash(0);
        writer.Crash(0);
        cluster.Start(other);
        Isolate(cluster, writer);
        cluster.Cut.Clear();

        // The only two that are up are one that knows everything and one that has forgotten: together they are no majority.
        for (var i = 0; i < 50; i++)
        {
            cluster.Pass(cluster.Timings.Heartbeat);
            Assert.Null(cluster.Writer);
        }

        cluster.Start(writer);
        var next = cluster.AwaitWriter();
        cluster.Pass(cluster.Timings.Heartbeat * 4);
        Assert.NotEqual(hurt.Id, next.Id);
        Assert.Equal((2, true), (hurt.Held, hurt.Node!.Promise.IsWhole));
    }

    [Fact]
    public void A_seal_outlives_the_restart_of_who_gave_it()
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        var opener = cluster.Replicas.First(replica => replica != writer);
        var third = cluster.Replicas.Last(replica => replica != writer);
        cluster.Now += cluster.Timings.Lease * 2;
        cluster.Run(opener, node => node.Stand(opener.Now));
        cluster.Answer(cluster.Answers[0]);
        cluster.Deliver(cluster.Messages.Single(m => m.From == opener.Id && m.To == third.Id));
        Assert.Single(cluster.Messages, m => m.Message is Sealed);

        // It has sealed, nobody knows it yet, and it has forgotten all that was not on its disk.
        third.Crash(0);
        cluster.Start(third);
        cluster.Messages.Clear();
        cluster.Run(writer, node => node.Reached(third.Id, writer.Now));
        cluster.Run(writer, _ => writer.Append([1]));
        cluster.Settle();

        Assert.Empty(cluster.Committed);
        Assert.Equal(NodeRole.Follower, writer.Node!.Role);
        Assert.True(third.Node!.Promise.IsSealed);
        Assert.NotNull(cluster.AwaitWriter());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_late_answer_does_not_hold_up_who_follows(bool isInvitation)
    {
        var cluster = new SimulatedCluster(3);
        var writer = cluster.AwaitWriter();
        var follower = cluster.Replicas.First(replica => replica != writer);
        cluster.Replicas.Last(replica => replica != writer).Crash(0);
        Append(cluster, writer, "a", "b");
        var reign = writer.Node!.Reign!.Value.Epoch;

        // It was sent when the replica held nothing yet, on another connection.
        PeerMessage late = isInvitation
            ? new Joined(reign, SequenceNumber.None, default, IsWhole: true)
            : new Refused(reign, IsSealed: false, PeerRefusal.NotContiguous, SequenceNumber.None);
        cluster.Run(writer, _ =>
        {
            writer.Receive(follower.Id, late);
            writer.Receive(follower.Id, new Appended(reign, new SequenceNumber(2), 0, SequenceNumber.None, IsWhole: true));
            writer.Receive(follower.Id, late);
        });
        cluster.Settle();
        Append(cluster, writer, "c");

        Assert.Equal(3, cluster.Committed.Count);
    }

    [Fact]
    public void What_arrives_together_is_flushed_and_acknowledged_once()
    {
        var cluster = new SimulatedCluster(3) { EntriesPerMessage = 1 };
        var writer = cluster.AwaitWriter();
        var follower = cluster.Replicas.First(replica => replica != writer);
        cluster.Run(writer, _ => writer.Append([.. Enumerable.Range(0, 5).Select(i => new[] { (byte)i })]));
        var before = follower.Flushes;

        foreach (var message in cluster.Messages.Where(m => m.To == follower.Id).ToArray())
        {
            cluster.Messages.Remove(message);
            follower.Receive(message.From, message.Message);
        }

        follower.EndBatch();

        Assert.Equal(before + 1, follower.Flushes);
        Assert.Single(cluster.Messages, m => m.From == follower.Id);
    }

    private static AppendResult Append(SimulatedCluster cluster, SimulatedReplica writer, params string[] payloads)
    {
        AppendResult result = default;
        cluster.Run(writer, _ => result = writer.Append([.. payloads.Select(Encoding.UTF8.GetBytes)]));
        cluster.Settle();
        return result;
    }

    private static void Isolate(SimulatedCluster cluster, SimulatedReplica replica)
    {
        foreach (var other in cluster.Replicas.Where(other => other != replica))
        {
            cluster.Cut.Add((replica.Id, other.Id));
            cluster.Cut.Add((other.Id, replica.Id));
        }
    }
}
