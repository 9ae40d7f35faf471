namespace ControlPlane.Runtime.Peers;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">Why, and what to change if something is wrong.</param>
/// <param name="Peer">The other node, if both had greeted.</param>
public sealed record PeerEnd(string Reason, NodeGreeting? Peer);
