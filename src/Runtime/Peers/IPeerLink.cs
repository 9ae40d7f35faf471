using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Peers;

/// <summary>
/// A connection to another node on which both have greeted. Messages arrive in the order in which they were sent, each at most once, until
/// the connection ends; whether the last ones arrived is then unknown. All members may be called from any thread.
/// </summary>
public interface IPeerLink
{
    /// <summary>What the other node said of itself.</summary>
    NodeGreeting Peer { get; }

    /// <summary>The version of the protocol that both speak here.</summary>
    ushort Version { get; }

    /// <summary>True if this node has dialled: requests go out on dialled links, answers come back on the link of their request.</summary>
    bool IsDialled { get; }

    /// <summary>
    /// Sends a message, without ever waiting for the peer: the bytes are encoded before the call returns (nothing refers to the message's
    /// memory afterwards), and written to the connection by this thread unless another is writing already.
    /// False, and nothing is sent, if the link is closed or if too many bytes wait for a peer that does not read
    /// (<see cref="PeerOutput.PendingBytesMax"/>): treat it like a message that was lost.
    /// </summary>
    bool TrySend(in PeerEnvelope envelope);

    /// <summary>Ends the connection at once; what waits to be sent is dropped. The first reason is the one that is reported. Harmless if repeated.</summary>
    void Close(string why);
}
