using System.Buffers;
using System.Buffers.Binary;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Peers;

/// <summary>A connection's bytes: frames, each a u32 length, little-endian, and so many bytes. The first frame of each side is its greeting.</summary>
internal static class PeerFraming
{
    /// <summary>Bytes before each frame's body.</summary>
    public const int PrefixBytes = sizeof(uint);

    /// <summary>Largest body of a message's frame, in bytes.</summary>
    public const int BodyBytesMax = PeerLimits.MessageBytesMax;

    /// <summary>
    /// Finds the whole frames at the start of <paramref name="buffer"/>. False if a length is impossible: what follows cannot be told apart.
    /// </summary>
    /// <param name="buffer">What has arrived.</param>
    /// <param name="bodyBytesMax">Largest body allowed.</param>
    /// <param name="framesMax">Most frames wanted.</param>
    /// <param name="whole">Bytes of the whole frames.</param>
    public static bool TryMeasure(in ReadOnlySequence<byte> buffer, int bodyBytesMax, int framesMax, out long whole)
    {
        var reader = new SequenceReader<byte>(buffer);
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        for (var frames = 0; frames < framesMax && reader.TryCopyTo(prefix); frames++)
        {
            var body = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
            if (body == 0 || body > bodyBytesMax)
            {
                whole = reader.Consumed;
                return false;
            }

            if (reader.Remaining < PrefixBytes + body)
            {
                break;
            }

            reader.Advance(PrefixBytes + body);
        }

        whole = reader.Consumed;
        return true;
    }
}
