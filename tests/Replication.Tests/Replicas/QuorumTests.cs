using ControlPlane.Primitives;
using ControlPlane.Replication.Replicas;
using CsCheck;

namespace ControlPlane.Replication.Tests.Replicas;

public sealed class QuorumTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    public void A_majority_is_more_than_half(int replicas, int majority) =>
        Assert.Equal(majority, Quorum.MajorityOf(replicas));

    [Fact]
    public void What_is_durable_is_held_by_a_majority_and_nothing_more_is() =>
        Gen.ULong[0, 20].Array[1, Quorum.ReplicasMax].Sample(held =>
        {
            var replicas = Enumerable.Range(1, held.Length).Select(i => new ReplicaId((UInt128)i)).ToArray();
            var quorum = new Quorum(replicas, SequenceNumber.None);
            for (var i = 0; i < held.Length; i++)
            {
                quorum.Report(replicas[i], new SequenceNumber(held[i]));
            }

            var durable = quorum.Durable().Value;
            Assert.True(held.Count(h => h >= durable) >= quorum.Majority);
            Assert.False(held.Count(h => h >= durable + 1) >= quorum.Majority);
        });

    [Fact]
    public void Late_news_moves_nothing_back()
    {
        var one = new ReplicaId(1);
        var quorum = new Quorum([one], SequenceNumber.None);
        quorum.Report(one, new SequenceNumber(5));
        quorum.Report(one, new SequenceNumber(3));
        Assert.Equal(new SequenceNumber(5), quorum.Durable());
    }
}
