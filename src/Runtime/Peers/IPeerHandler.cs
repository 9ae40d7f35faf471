namespace ControlPlane.Runtime.Peers;

/// <summary>
/// Takes what happens on the connections to other nodes. For one link the calls come one at a time and in order:
/// <see cref="Connected"/>, any number of <see cref="Received"/>, <see cref="Disconnected"/>; different links call concurrently.
/// A peer may be there with several links: one in each direction, and for a while an old one whose end has not been noticed yet.
/// </summary>
public interface IPeerHandler
{
    /// <summary>What this node says of itself on a new connection.</summary>
    NodeGreeting Greeting();

    /// <summary>Both have greeted; messages may be sent from now on.</summary>
    void Connected(IPeerLink link);

    /// <summary>The connection has ended; nothing more arrives, and nothing more is sent.</summary>
    void Disconnected(IPeerLink link);

    /// <summary>
    /// Everything that had arrived, drained before the call. Called on the thread that read it, which reads on when the call returns: work that
    /// takes its time here makes the next batch larger, and in the end the sender wait.
    /// An exception ends the connection.
    /// </summary>
    /// <param name="link">Where it arrived, and where an answer goes.</param>
    /// <param name="batch">The receiver's to dispose, during the call or later, on any thread.</param>
    void Received(IPeerLink link, PeerBatch batch);
}
