using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Peers;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Cluster;

/// <summary>
/// One replica of this node, as the others see it: what arrives for it goes to its acceptor, to its proposer, or to its journal's loop; what it sends
/// leaves through the router. Any thread.
/// </summary>
/// <param name="router">The node's way to others.</param>
/// <param name="identity">Which replica.</param>
/// <param name="acceptor">Its vote for the <c>quorum</c> register; null if the memory of it is lost: it never votes again.</param>
/// <param name="snapshots">What others may fetch.</param>
internal sealed class HostedReplica(PeerRouter router, ReplicaIdentity identity, AcceptorHost? acceptor, SnapshotServing snapshots) : IReplicaLinks, IRegisterPeers, IDisposable
{
    private readonly Lock _serving = new();
    private Func<EngineInput, bool> _post = _ => false;
    private JournalEngine? _engine;
    private (ReplicaId To, ulong Sent, ulong Total) _transfer;

    /// <summary>The proposer of the <c>quorum</c> register; null with another register.</summary>
    public QuorumConfigRegister? Proposer { get; set; }

    /// <summary>Why this replica does not vote, if its acceptor's memory is lost; else null.</summary>
    public string? LostVote { get; init; }

    /// <inheritdoc/>
    public ReplicaId Self => identity.Replica;

    /// <inheritdoc/>
    public IReadOnlyList<ReplicaId> Known => [Self, .. router.ReplicasOf(identity.Journal).Where(replica => replica != Self)];

    /// <summary>What the node says of it on a new connection.</summary>
    public GreetedReplica Greeting => new(identity.Journal, identity.Replica, _engine?.IsFresh ?? false);

    /// <summary>The journal is open, and its loop takes inputs from now on.</summary>
    public void Begin(JournalEngine engine, Func<EngineInput, bool> post)
    {
        _engine = engine;
        _post = post;
        router.Host(this);
    }

    /// <summary>Takes what a connection brought for this journal; <paramref name="done"/> gives its memory back.</summary>
    public void Receive(IPeerLink link, IReadOnlyList<PeerEnvelope> envelopes, Action done)
    {
        List<PeerEnvelope>? forJournal = null;
        foreach (var envelope in envelopes)
        {
            if (AcceptorHost.Takes(envelope.Message))
            {
                if (Ask(envelope.From, envelope.Message) is { } reply)
                {
                    link.TrySend(new PeerEnvelope(identity.Journal, Self, reply));
                }
            }
            else if (envelope.Message is FetchSnapshot request)
            {
                // On this connection's thread: whoever fetches is behind in everything else as well.
                lock (_serving)
                {
                    var part = snapshots.Answer(request);
                    link.TrySend(new PeerEnvelope(identity.Journal, Self, part));
                    _transfer = (envelope.From, part.Offset + (ulong)part.Bytes.Length, part.FileBytes);
                }
            }
            else if (envelope.Message is Prepared or Accepted or BallotRefused or Founded or Refused { Reason: PeerRefusal.NotMember })
            {
                Proposer?.Receive(envelope.From, envelope.Message);
            }
            else
            {
                (forJournal ??= []).Add(envelope);
            }
        }

        var input = new MessagesArrived(forJournal ?? [], done);
        if (forJournal is null || !_post(input))
        {
            // A full mailbox: the messages count as lost, and whoever sent them says them again.
            input.Drop();
        }
    }

    /// <summary>A way to another replica is there, or gone.</summary>
    public void PeerMoved(ReplicaId replica, bool isReached) => _post(new PeerMoved(replica, isReached));

    /// <inheritdoc/>
    public bool TrySend(ReplicaId peer, PeerMessage message)
    {
        if (peer != Self)
        {
            return router.TrySend(peer, new PeerEnvelope(identity.Journal, Self, message));
        }

        if (Ask(Self, message) is not { } reply)
        {
            return false;
        }

        Proposer?.Receive(Self, reply);
        return true;
    }

    /// <inheritdoc/>
    public string? ClientAddressOf(ReplicaId replica) => router.NodeOf(replica) is { ClientAddress: { Length: > 0 } address } ? address : null;

    /// <summary>How far the newest transfer of a snapshot is, if it goes to this replica; else 0 of 0.</summary>
    public (ulong Sent, ulong Total) SnapshotSentTo(ReplicaId replica)
    {
        lock (_serving)
        {
            return _transfer.To == replica ? (_transfer.Sent, _transfer.Total) : default;
        }
    }

    /// <summary>Name of a replica's node; null if it is not connected.</summary>
    public string? NodeNameOf(ReplicaId replica) => router.NodeOf(replica)?.Node;

    /// <inheritdoc/>
    public void Dispose() => acceptor?.Dispose();

    // The acceptor's disk is the replica's: a fault of it ends the journal.
    private PeerMessage? Ask(ReplicaId from, PeerMessage message)
    {
        try
        {
            return acceptor?.Handle(from, message);
        }
        catch (StorageFaultException fault)
        {
            _post(new EngineAction(_ => throw new StorageFaultException(fault.Operation, fault.Reason, fault)));
            throw;
        }
    }
}
