using System.Buffers;
using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>
/// A message's bytes: little-endian, no padding.
/// <code>
///   0  u8    kind (PeerMessageKind)
///   1  u128  journal id
///  17  u128  sender's replica id
///  33        the kind's fields in the order of its record: u64 for positions, epochs and stamps, u128 for hashes and ids,
///            u8 for flags and reasons; lists and bytes begin with their u32 count
/// </code>
/// Guarantee: <see cref="TryDecode"/> accepts what <see cref="Encode(in PeerEnvelope, Span{byte})"/> wrote, byte for byte, and nothing
/// throws or allocates more than its input for any other bytes. The format carries no checksum of its own: the transport has one, and
/// entries are verified one by one. What may change it is the protocol version in a connection's greeting.
/// </summary>
public static class PeerMessageCodec
{
    /// <summary>Bytes of <paramref name="envelope"/> when encoded.</summary>
    public static int ByteCount(in PeerEnvelope envelope)
    {
        var writer = PeerFieldWriter.Counting();
        Write(envelope, ref writer);
        return writer.Position;
    }

    /// <summary>Encodes to the start of <paramref name="destination"/>, which holds at least <see cref="ByteCount"/> bytes; returns how many were written.</summary>
    public static int Encode(in PeerEnvelope envelope, Span<byte> destination)
    {
        var writer = PeerFieldWriter.To(destination);
        Write(envelope, ref writer);
        return writer.Position;
    }

    /// <summary>Encodes to <paramref name="destination"/>, in one piece. Nothing refers to the message's memory afterwards.</summary>
    public static void Encode(in PeerEnvelope envelope, IBufferWriter<byte> destination) =>
        destination.Advance(Encode(envelope, destination.GetSpan(ByteCount(envelope))));

    /// <summary>Decodes exactly one message.</summary>
    /// <param name="source">The message, nothing behind it. Bytes in the result are slices of this memory.</param>
    /// <param name="envelope">The message; unspecified on false.</param>
    /// <param name="error">What is wrong with the bytes, empty if nothing is.</param>
    public static bool TryDecode(ReadOnlyMemory<byte> source, out PeerEnvelope envelope, out string error)
    {
        var reader = new PeerFieldReader(source);
        var kind = (PeerMessageKind)reader.Byte("kind");
        var journal = new JournalId(reader.UInt128("journal"));
        var from = reader.Replica("sender");
        var message = reader.Error is null ? Read(kind, ref reader) : null;
        envelope = new PeerEnvelope(journal, from, message!);
        if (message is null)
        {
            error = reader.Error ?? $"message kind {(byte)kind} is unknown";
            return false;
        }

        reader.End();
        error = reader.Error is null ? "" : $"{kind} message: {reader.Error}";
        return reader.Error is null;
    }

    private static void Write(in PeerEnvelope envelope, ref PeerFieldWriter writer)
    {
        var message = envelope.Message;
        writer.Byte((byte)KindOf(message));
        writer.UInt128(envelope.Journal.Value);
        writer.UInt128(envelope.From.Value);
        _ = ReignMessageCodec.TryWrite(message, ref writer)
            || OpeningMessageCodec.TryWrite(message, ref writer)
            || RegisterMessageCodec.TryWrite(message, ref writer);
    }

    private static PeerMessage? Read(PeerMessageKind kind, ref PeerFieldReader reader) =>
        ReignMessageCodec.Read(kind, ref reader)
        ?? OpeningMessageCodec.Read(kind, ref reader)
        ?? RegisterMessageCodec.Read(kind, ref reader);

    private static PeerMessageKind KindOf(PeerMessage message) => message switch
    {
        Append => PeerMessageKind.Append,
        Appended => PeerMessageKind.Appended,
        Join => PeerMessageKind.Join,
        Joined => PeerMessageKind.Joined,
        Refused => PeerMessageKind.Refused,
        Healed => PeerMessageKind.Healed,
        HandOver => PeerMessageKind.HandOver,
        Kept => PeerMessageKind.Kept,
        Seal => PeerMessageKind.Seal,
        Sealed => PeerMessageKind.Sealed,
        Fetch => PeerMessageKind.Fetch,
        Fetched => PeerMessageKind.Fetched,
        Copy => PeerMessageKind.Copy,
        Copied => PeerMessageKind.Copied,
        FetchSnapshot => PeerMessageKind.FetchSnapshot,
        SnapshotPart => PeerMessageKind.SnapshotPart,
        Prepare => PeerMessageKind.Prepare,
        Prepared => PeerMessageKind.Prepared,
        Accept => PeerMessageKind.Accept,
        Accepted => PeerMessageKind.Accepted,
        BallotRefused => PeerMessageKind.BallotRefused,
        Found => PeerMessageKind.Found,
        Founded => PeerMessageKind.Founded,
        _ => throw new InvariantViolationException($"Broken invariant: every message has a kind ({message.GetType().Name})."),
    };
}
