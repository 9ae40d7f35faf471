using System.Buffers;
using System.Buffers.Binary;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Peers;

/// <summary>
/// Messages that arrived together, in order. The bytes in them lie in pooled memory and are valid until <see cref="Dispose"/>;
/// after that nobody may look at them. Undisposed batches of a link are bounded: at <see cref="PeerInboundBudget.BytesMax"/> it is read no more.
/// </summary>
public sealed class PeerBatch : IDisposable
{
    private readonly PeerInboundBudget? _budget;
    private readonly int _length;
    private byte[]? _memory;

    private PeerBatch(IReadOnlyList<PeerEnvelope> envelopes, byte[]? memory, int length, PeerInboundBudget? budget) =>
        (Envelopes, _memory, _length, _budget) = (envelopes, memory, length, budget);

    /// <summary>At least one message.</summary>
    public IReadOnlyList<PeerEnvelope> Envelopes { get; }

    /// <summary>A batch of messages that own their memory: for links that are not connections.</summary>
    public static PeerBatch Of(params IReadOnlyList<PeerEnvelope> envelopes) => new(envelopes, memory: null, length: 0, budget: null);

    /// <summary>Gives the memory back. Harmless if repeated.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _memory, null) is { } memory)
        {
            ArrayPool<byte>.Shared.Return(memory);
            _budget?.Release(_length);
        }
    }

    /// <summary>Copies whole frames out of a connection's buffer, in which they may be cut into pieces, and decodes them. Null if one is garbage.</summary>
    internal static PeerBatch? Decode(in ReadOnlySequence<byte> frames, PeerInboundBudget budget, out string error)
    {
        var length = checked((int)frames.Length);
        var memory = ArrayPool<byte>.Shared.Rent(length);
        frames.CopyTo(memory);
        var envelopes = new List<PeerEnvelope>();
        for (var position = 0; position < length;)
        {
            var body = BinaryPrimitives.ReadInt32LittleEndian(memory.AsSpan(position));
            position += PeerFraming.PrefixBytes;
            if (!PeerMessageCodec.TryDecode(memory.AsMemory(position, body), out var envelope, out error))
            {
                ArrayPool<byte>.Shared.Return(memory);
                return null;
            }

            envelopes.Add(envelope);
            position += body;
        }

        error = "";
        budget.Take(length);
        return new PeerBatch(envelopes, memory, length, budget);
    }
}
