using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Replication.Messages;

/// <summary>Sizes that the messages between replicas allow. A sender that exceeds one is wrong; a receiver refuses it unread.</summary>
public static class PeerLimits
{
    /// <summary>Most bytes of entries, or of a snapshot's part, in one message: the largest append and its headers fit twice.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    /// <summary>Most replicas of a journal, learners included.</summary>
    public const int ReplicasMax = 64;

    /// <summary>Most closed reigns in a <see cref="Join"/>; a register forgets old ones long before.</summary>
    public const int ClosedReignsMax = 4096;

    /// <summary>Most bytes of a register's value, its stamp included.</summary>
    public const int RegisterValueBytesMax = StampedValue.StampBytes + JournalConfigurationCodec.EncodedBytesMax;

    /// <summary>Most bytes of a message besides its entries or its part: kind, journal, sender and fields, the longest list included.</summary>
    public const int FieldBytesMax = 128 * 1024;

    /// <summary>Most bytes of an encoded message.</summary>
    public const int MessageBytesMax = BytesMax + FieldBytesMax;
}
