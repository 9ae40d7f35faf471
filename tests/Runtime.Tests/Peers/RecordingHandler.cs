using System.Collections.Concurrent;
using System.Threading.Channels;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Tests.Peers;

/// <summary>A node that keeps what it is told. Until <see cref="Unblocked"/> is set it stops inside <see cref="Received"/>.</summary>
internal sealed class RecordingHandler(string node, ulong cluster = 1) : IPeerHandler
{
    private readonly Channel<IPeerLink> _connected = Channel.CreateUnbounded<IPeerLink>();
    private readonly Channel<IPeerLink> _disconnected = Channel.CreateUnbounded<IPeerLink>();
    private readonly Channel<PeerEnvelope> _received = Channel.CreateUnbounded<PeerEnvelope>();

    public ConcurrentQueue<int> BatchSizes { get; } = new();

    public ManualResetEventSlim Unblocked { get; } = new(initialState: true);

    public ConcurrentQueue<PeerBatch> Kept { get; } = new();

    public bool KeepsBatches { get; set; }

    public PeerVersions Speaks { get; init; } = PeerVersions.Own;

    public NodeGreeting Greeting() =>
        new(new ClusterId(cluster), node, $"{node}:7070", [new GreetedReplica(new JournalId(7), new ReplicaId(8), IsFresh: true)]) { Speaks = Speaks };

    public void Connected(IPeerLink link) => _connected.Writer.TryWrite(link);

    public void Disconnected(IPeerLink link) => _disconnected.Writer.TryWrite(link);

    public void Received(IPeerLink link, PeerBatch batch)
    {
        Unblocked.Wait();
        BatchSizes.Enqueue(batch.Envelopes.Count);
        foreach (var envelope in batch.Envelopes)
        {
            // Memory dies with the batch: what is kept is a copy.
            _received.Writer.TryWrite(envelope.Message is Append append
                ? envelope with { Message = append with { Entries = append.Entries.ToArray() } }
                : envelope);
        }

        if (KeepsBatches)
        {
            Kept.Enqueue(batch);
        }
        else
        {
            batch.Dispose();
        }
    }

    public async Task<IPeerLink> NextConnectedAsync() => await _connected.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<IPeerLink> NextDisconnectedAsync() => await _disconnected.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<PeerEnvelope> NextReceivedAsync() => await _received.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
