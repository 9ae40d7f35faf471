using System.Text;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>A replica whose disk lost what it had acknowledged: when it counts again, and who knows.</summary>
public sealed class HealingTests
{
    private readonly SimulatedCluster _cluster = new(3) { EntriesPerMessage = 1 };
    private readonly SimulatedReplica _writer;
    private readonly SimulatedReplica _hurt;

    public HealingTests()
    {
        _writer = _cluster.AwaitWriter();
        _hurt = _cluster.Replicas.First(replica => replica != _writer);
        _cluster.Replicas.Last(replica => replica != _writer).Crash(0);
        Append("a", "b");
    }

    [Fact]
    public void The_writer_knows_that_a_replica_is_healed_and_may_hand_over_to_it()
    {
        LoseAll();
        _cluster.Pass(_cluster.Timings.Heartbeat * 4);

        Assert.True(_hurt.Node!.Promise.IsWhole);
        Assert.True(_writer.Node!.Peers.Single(peer => peer.Replica == _hurt.Id).IsWhole);
        Assert.DoesNotContain(_cluster.Messages, message => message.Message is Healed);
        _cluster.Run(_writer, node => Assert.True(node.TryHandOver(_hurt.Id, [.. _cluster.Replicas.Select(replica => replica.Id)])));
        _cluster.Settle();
        Assert.Equal(_hurt, _cluster.Writer);
    }

    [Fact]
    public void What_it_acknowledged_after_it_was_healed_it_must_hold_again_when_it_is_hurt_again()
    {
        LoseAll();
        _cluster.Pass(_cluster.Timings.Heartbeat * 4);
        Append("c", "d");
        Assert.Equal(4, _cluster.Committed.Count);

        LoseAll();

        HealsWith(held: 4);
    }

    [Fact]
    public void An_acknowledgement_from_before_the_loss_that_comes_late_heals_nothing()
    {
        var reign = _writer.Node!.Reign!.Value.Epoch;
        LoseAll();
        while (_hurt.Node!.Reign is null)
        {
            Step();
        }

        foreach (var wasWhole in new[] { true, false })
        {
            _cluster.Run(_writer, _ => _writer.Receive(_hurt.Id, new Appended(reign, new SequenceNumber(2), 0, SequenceNumber.None, wasWhole)));
        }

        HealsWith(held: 2);
    }

    private void Append(params string[] payloads)
    {
        foreach (var payload in payloads)
        {
            _cluster.Run(_writer, _ => _writer.Append(Encoding.UTF8.GetBytes(payload)));
        }

        _cluster.Settle();
        Assert.Equal(_hurt.Held, _writer.Held);
    }

    private void LoseAll()
    {
        _hurt.Crash(0);
        _hurt.LoseEntries(0);
        _cluster.Messages.Clear();
        _cluster.Start(_hurt);

        // Its connections ended with it: what was on them is lost, and the writer sees new ones.
        _cluster.Run(_writer, node => node.Gone(_hurt.Id, _writer.Now));
        _cluster.Run(_writer, node => node.Reached(_hurt.Id, _writer.Now));
    }

    /// <summary>It is healed, and never before it holds so much, even if the word that it is overtakes everything else.</summary>
    private void HealsWith(int held)
    {
        for (var i = 0; i < 1_000 && !_hurt.Node!.Promise.IsWhole; i++)
        {
            Step();
        }

        Assert.Equal((true, held), (_hurt.Node!.Promise.IsWhole, _hurt.Held));
    }

    private void Step()
    {
        if ((_cluster.Messages.FirstOrDefault(message => message.Message is Healed) ?? _cluster.Messages.FirstOrDefault()) is { } next)
        {
            _cluster.Deliver(next);
        }
        else
        {
            _cluster.Now += _cluster.Timings.Heartbeat;
            _cluster.Run(_writer, node => node.Tick(_writer.Now));
            _cluster.Run(_hurt, node => node.Tick(_hurt.Now));
        }
    }
}
