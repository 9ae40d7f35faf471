using System.Collections.Concurrent;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Tests.Cluster;

/// <summary>
/// Nodes in one process that keep a journal together over real sockets and real files. Any of them can be ended, started again, wiped, and cut off
/// from others in either direction.
/// </summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    public const string Name = "trial";
    public const string JournalName = "jobs";

    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<(string From, string To), bool> _cut = new();

    private ClusterUnderTest(int nodes, int founders) =>
        Nodes = [.. Enumerable.Range(1, nodes).Select(i => new NodeUnderTest(this, $"node-{i}", Path.Combine(_directory.Path, $"node-{i}"), i == 1, founders))];

    public IReadOnlyList<NodeUnderTest> Nodes { get; }

    /// <summary>Nodes that run.</summary>
    public IEnumerable<NodeUnderTest> Running => Nodes.Where(node => node.Journal is not null);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static ClusterUnderTest Start(int nodes = 3, int? founders = null)
    {
        var cluster = new ClusterUnderTest(nodes, founders ?? nodes);
        foreach (var node in cluster.Nodes)
        {
            node.Start();
        }

        return cluster;
    }

    /// <summary>What one node says to another does not arrive; nobody is told.</summary>
    public void Cut(NodeUnderTest from, NodeUnderTest to) => _cut[(from.Name, to.Name)] = true;

    /// <summary>Cuts a node off from all others, in both directions.</summary>
    public void Isolate(NodeUnderTest node)
    {
        foreach (var other in Nodes.Where(other => other != node))
        {
            Cut(node, other);
            Cut(other, node);
        }
    }

    public void Heal() => _cut.Clear();

    public bool IsCut(string from, string to) => _cut.ContainsKey((from, to));

    /// <summary>The node that leads, once there is one that a majority confirms.</summary>
    public async Task<NodeUnderTest> LeaderAsync(NodeUnderTest? otherThan = null)
    {
        while (true)
        {
            foreach (var node in Running.Where(node => node != otherThan).ToList())
            {
                try
                {
                    await node.Journal!.CheckTailAsync().AsTask().WaitAsync(Stop);
                    return node;
                }
                catch (Exception e) when (e is JournalNotLedException or JournalFailedException)
                {
                    // Another does, or nobody yet.
                }
            }

            await Task.Delay(10, Stop);
        }
    }

    /// <summary>Appends as a client does: wherever it is taken, again with the same sequence while the outcome is not known.</summary>
    public async Task<AppendResult> AppendAsync(ulong sequence, NodeUnderTest? otherThan = null)
    {
        var request = Request(sequence);
        while (true)
        {
            var leader = await LeaderAsync(otherThan);
            try
            {
                return await leader.Journal!.AppendAsync(request).AsTask().WaitAsync(Stop);
            }
            catch (Exception e) when (e is JournalNotLedException or JournalFailedException)
            {
                // Asked again: the journal knows whether it has it.
            }
        }
    }

    public static AppendRequest Request(ulong sequence) => new()
    {
        Client = new ClientId(7),
        ClientSequence = new ClientSequence(sequence),
        Payloads = [BitConverter.GetBytes(sequence)],
    };

    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10, Stop);
        }
    }

    /// <summary>Every node that runs holds the same journal, and knows that it is committed up to <paramref name="last"/>.</summary>
    public async Task AssertAllHoldAsync(SequenceNumber last, params IReadOnlyList<ulong> sequences)
    {
        foreach (var node in Running)
        {
            await UntilAsync(() => node.Journal!.Engine.Committed >= last);
            Assert.Equal(sequences, node.Read());
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        _directory.Dispose();
    }
}
