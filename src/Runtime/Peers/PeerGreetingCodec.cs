using System.Buffers.Binary;
using System.Text;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Peers;

/// <summary>
/// The body of a connection's first frame, little-endian:
/// <code>
///   0  u32   magic "CPPG"
///   4  u16   lowest version of the protocol that the node speaks
///   6  u16   highest version
///   8  u128  cluster id
///  24  u16   bytes of the node's name, then the name in UTF-8
///      u16   bytes of the clients' address, then the address in UTF-8
///      u16   count of replicas, then for each: u128 journal, u128 replica, u8 is fresh
/// </code>
/// All of this stays as it is in all versions; what a later one has to say besides follows behind it, and is passed over by those that do not know it.
/// </summary>
internal static class PeerGreetingCodec
{
    /// <summary>"CPPG" read as a little-endian number.</summary>
    public const uint Magic = 0x47505043;

    /// <summary>Most bytes of a name or an address, in UTF-8.</summary>
    public const int TextBytesMax = 1024;

    /// <summary>Most replicas of a node.</summary>
    public const int ReplicasMax = 4096;

    /// <summary>Largest body, in bytes.</summary>
    public const int BodyBytesMax = 24 + (2 * (sizeof(ushort) + TextBytesMax)) + sizeof(ushort) + (ReplicasMax * ReplicaBytes);

    private const int ReplicaBytes = (2 * Identifier128.ByteCount) + 1;

    /// <summary>The whole frame, length first.</summary>
    public static byte[] EncodeFrame(NodeGreeting greeting)
    {
        var node = Encoding.UTF8.GetBytes(greeting.Node);
        var address = Encoding.UTF8.GetBytes(greeting.ClientAddress);
        Invariant.Check(node.Length is > 0 and <= TextBytesMax, "a node's name is validated before it greets");
        Invariant.Check(address.Length <= TextBytesMax, "a node's address is validated before it greets");
        Invariant.Check(greeting.Replicas.Count <= ReplicasMax, "a node's replicas are counted before it greets");
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(0u);
        writer.Write(Magic);
        writer.Write(greeting.Speaks.Lowest);
        writer.Write(greeting.Speaks.Highest);
        WriteId(writer, greeting.Cluster.Value);
        writer.Write((ushort)node.Length);
        writer.Write(node);
        writer.Write((ushort)address.Length);
        writer.Write(address);
        writer.Write((ushort)greeting.Replicas.Count);
        foreach (var replica in greeting.Replicas)
        {
            WriteId(writer, replica.Journal.Value);
            WriteId(writer, replica.Replica.Value);
            writer.Write(replica.IsFresh);
        }

        var frame = bytes.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - PeerFraming.PrefixBytes);
        return frame;
    }

    /// <summary>Reads a body. Null, with what is wrong and what to change, if it is no greeting that a node which speaks <paramref name="ours"/> understands.</summary>
    public static NodeGreeting? Decode(byte[] body, PeerVersions ours, out string error)
    {
        using var reader = new BinaryReader(new MemoryStream(body, writable: false));
        try
        {
            if (reader.ReadUInt32() != Magic)
            {
                error = PeerReasons.NoPeer;
                return null;
            }

            var theirs = new PeerVersions(reader.ReadUInt16(), reader.ReadUInt16());
            if (ours.CommonWith(theirs) is null)
            {
                error = PeerReasons.NoCommonVersion(theirs, ours);
                return null;
            }

            var greeting = new NodeGreeting(new ClusterId(ReadId(reader)), ReadText(reader), ReadText(reader), ReadReplicas(reader)) { Speaks = theirs };
            var isWhole = reader.BaseStream.Position == body.Length || theirs.Highest > ours.Highest;
            error = greeting.Node.Length > 0 && isWhole ? "" : PeerReasons.BadGreeting;
            return error.Length == 0 ? greeting : null;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or DecoderFallbackException)
        {
            error = PeerReasons.BadGreeting;
            return null;
        }
    }

    private static void WriteId(BinaryWriter writer, UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[Identifier128.ByteCount];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        writer.Write(bytes);
    }

    private static UInt128 ReadId(BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[Identifier128.ByteCount];
        reader.BaseStream.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    private static string ReadText(BinaryReader reader)
    {
        var length = reader.ReadUInt16();
        if (length > TextBytesMax)
        {
            throw new InvalidDataException();
        }

        var bytes = new byte[length];
        reader.BaseStream.ReadExactly(bytes);
        return StrictUtf8.GetString(bytes);
    }

    private static GreetedReplica[] ReadReplicas(BinaryReader reader)
    {
        var count = reader.ReadUInt16();
        if (count > ReplicasMax || count * ReplicaBytes > reader.BaseStream.Length - reader.BaseStream.Position)
        {
            throw new InvalidDataException();
        }

        var replicas = new GreetedReplica[count];
        for (var i = 0; i < count; i++)
        {
            replicas[i] = new GreetedReplica(new JournalId(ReadId(reader)), new ReplicaId(ReadId(reader)), ReadFlag(reader));
        }

        return replicas;
    }

    private static bool ReadFlag(BinaryReader reader) => reader.ReadByte() switch
    {
        0 => false,
        1 => true,
        _ => throw new InvalidDataException(),
    };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
