using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>
/// Begins a register: tells fresh acceptors who they are. Over when all of them have said that they know, or when one of them belongs to
/// another register. All, not a majority: two different foundings that share an acceptor then cannot both be complete.
/// </summary>
public sealed class Founding(IReadOnlyList<ReplicaId> acceptors) : RegisterExchange
{
    private readonly IReadOnlyList<ReplicaId> _acceptors = AcceptorSet.Of(acceptors);
    private readonly HashSet<ReplicaId> _founded = [];

    /// <summary>True once all know.</summary>
    public bool IsComplete => _founded.Count == _acceptors.Count;

    /// <summary>An acceptor that was founded differently, and with whom.</summary>
    public (ReplicaId Acceptor, IReadOnlyList<ReplicaId> Acceptors)? Conflict { get; private set; }

    /// <inheritdoc/>
    public override bool IsOver => IsComplete || Conflict is not null;

    /// <inheritdoc/>
    public override void Begin(ICollection<RegisterSend> outbox) => Repeat(outbox);

    /// <inheritdoc/>
    public override void Receive(ReplicaId from, PeerMessage message, ICollection<RegisterSend> outbox)
    {
        if (message is not Founded founded || !_acceptors.Contains(from) || IsOver)
        {
            return;
        }

        if (AcceptorSet.AreSame(founded.Acceptors, _acceptors))
        {
            _founded.Add(from);
        }
        else
        {
            Conflict = (from, founded.Acceptors);
        }
    }

    /// <inheritdoc/>
    public override void Repeat(ICollection<RegisterSend> outbox)
    {
        foreach (var acceptor in IsOver ? [] : _acceptors.Where(a => !_founded.Contains(a)))
        {
            outbox.Add(new RegisterSend(acceptor, new Found(_acceptors)));
        }
    }
}
