using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Cluster;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Tests.Cluster;

/// <summary>A replica of three that reaches nobody.</summary>
public sealed class ReplicaAmongSeveralTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("replica-").FullName;

    [Fact]
    public async Task It_writes_nothing_and_says_that_it_does_not_know_who_does()
    {
        await using var journal = Open();

        var refused = await Assert.ThrowsAsync<JournalNotLedException>(async () => await journal.AppendAsync(new AppendRequest { Payloads = [new byte[] { 1 }] }));

        Assert.Null(refused.Leader);
        Assert.Equal(SequenceNumber.None, journal.Engine.Committed);
    }

    [Fact]
    public async Task A_lost_vote_is_told_and_the_replica_opens_without_it()
    {
        await using (Open())
        {
        }

        foreach (var slot in Directory.GetFiles(Path.Combine(_directory, JournalOpening.ReplicaFolder), "acceptor.*"))
        {
            File.Delete(slot);
        }

        await using var journal = Open();

        Assert.Contains(journal.Engine.RecoveryReport, finding => finding.Contains("votes in the register no more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_of_another_cluster_is_refused()
    {
        await using (Open())
        {
        }

        var refused = Assert.Throws<Journal.Recovery.JournalRefusedException>(() => Open("other"));

        Assert.Contains("cluster", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private JournalHost Open(string cluster = "trial")
    {
        var id = ClusterIdentity.ClusterOf(cluster);
        return JournalHost.Open(
            new JournalEngineOptions
            {
                Directory = _directory,
                Cluster = id,
                Group = new ReplicaGroup(ClusterIdentity.JournalOf(cluster, "jobs"), new PeerRouter(id, "node-1", ""), Size: 3),
            },
            TimeProvider.System);
    }
}
