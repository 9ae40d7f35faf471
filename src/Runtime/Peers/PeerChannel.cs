using System.IO.Pipelines;

namespace ControlPlane.Runtime.Peers;

/// <summary>A byte stream to another node, dialled or accepted, plain or TLS: what a <see cref="PeerConnection"/> runs over.</summary>
/// <param name="Pipe">The bytes. The connection completes both ends.</param>
/// <param name="Abort">Ends the stream at once, from any thread: reads and writes under way end too. Harmless if repeated.</param>
/// <param name="HasMore">True if bytes have arrived that a read would take at once: so a batch is everything that is there. Null: unknown.</param>
public sealed record PeerChannel(IDuplexPipe Pipe, Action Abort, Func<bool>? HasMore = null);
