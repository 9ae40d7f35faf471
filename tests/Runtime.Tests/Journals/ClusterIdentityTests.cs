using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Tests.Journals;

public sealed class ClusterIdentityTests
{
    /// <summary>Computed by another program (SHA-256 of the names, each followed by a zero byte). They may never change.</summary>
    [Theory]
    [InlineData("test", "wm-0", "73d654c2870c64209b1ccfd76e55c6e9")]
    [InlineData("test", "jobs", "5365ce27847668837add08dff3b6b445")]
    [InlineData("a", "b", "6e7b933adaca5fc1d45f142b5c5e659c")]
    public void A_journal_has_the_same_identity_for_ever(string cluster, string journal, string identity) =>
        Assert.Equal(identity, ClusterIdentity.JournalOf(cluster, journal).ToString());

    [Fact]
    public void A_cluster_has_the_same_identity_for_ever()
    {
        Assert.Equal("1aefa1b510681507cc1978c2b86debfd", ClusterIdentity.ClusterOf("test").ToString());

        // Nodes that were told different numbers of partitions never speak to each other; one is as if nothing had been said.
        Assert.Equal(ClusterIdentity.ClusterOf("test"), ClusterIdentity.ClusterOf("test", new PartitionMap(1)));
        Assert.Equal(64, Enumerable.Range(1, 64).Select(count => ClusterIdentity.ClusterOf("test", new PartitionMap(count))).Distinct().Count());
    }

    [Fact]
    public void What_is_no_name_has_no_identity()
    {
        Assert.Throws<ArgumentException>(() => ClusterIdentity.ClusterOf(""));
        Assert.Throws<ArgumentException>(() => ClusterIdentity.JournalOf("test", "a\0b"));
    }
}
