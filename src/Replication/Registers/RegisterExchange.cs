using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>A message to an acceptor.</summary>
public readonly record struct RegisterSend(ReplicaId To, PeerMessage Message);

/// <summary>
/// A proposer's side of something said to several acceptors. It asks for messages to be sent and is told the answers until it
/// <see cref="IsOver"/>; messages may be lost, repeated and overtaken. Sans I/O; one caller at a time.
/// </summary>
public abstract class RegisterExchange
{
    /// <summary>True once it wants nothing more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>The first messages.</summary>
    public abstract void Begin(ICollection<RegisterSend> outbox);

    /// <summary>An answer; one that belongs to something else is ignored.</summary>
    public abstract void Receive(ReplicaId from, PeerMessage message, ICollection<RegisterSend> outbox);

    /// <summary>Says again what has not been answered. Harmless at any time.</summary>
    public abstract void Repeat(ICollection<RegisterSend> outbox);
}
