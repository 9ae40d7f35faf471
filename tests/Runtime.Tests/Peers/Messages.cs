using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Tests.Peers;

/// <summary>Messages with a number in them.</summary>
internal static class Messages
{
    public static PeerEnvelope Numbered(ulong number, int bytes = 0) =>
        new(new JournalId(7), new ReplicaId(8), new Append(new Epoch(1), default, number, default, new byte[bytes]));

    public static ulong NumberOf(PeerEnvelope envelope) => ((Append)envelope.Message).Stamp;

    /// <summary>The frame that a link would send.</summary>
    public static byte[] Frame(PeerEnvelope envelope)
    {
        var body = new byte[PeerMessageCodec.ByteCount(envelope)];
        PeerMessageCodec.Encode(envelope, body);
        return [.. BitConverter.GetBytes(body.Length), .. body];
    }

    /// <summary>Sends until the link takes nothing more; returns how many it took.</summary>
    public static ulong SendUntilFull(IPeerLink link, int bytes)
    {
        ulong taken = 0;
        while (link.TrySend(Numbered(taken + 1, bytes)))
        {
            taken++;
            Assert.True(taken < 1_000_000, "nothing bounds what waits");
        }

        return taken;
    }
}
