using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Protocol.V1;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Reading;
using Google.Protobuf;
using AppendResponse = ControlPlane.Protocol.V1.AppendResponse;

namespace ControlPlane.Server.Answers;

/// <summary>What the journal service answers.</summary>
internal static class JournalAnswers
{
    /// <summary>How durable an acknowledged entry is on this one machine.</summary>
    public const string Durability = "synced on 1 of 1 replicas";

    /// <summary>How an append ended: a failed condition is a result, not an error.</summary>
    public static AppendResponse ToWire(this AppendResult result) => result.Status switch
    {
        AppendStatus.Ok => new AppendResponse
        {
            Ok = new AppendResponse.Types.Ok { First = result.First.Value, Last = result.Last.Value, Replayed = result.Replayed, Durability = Durability },
        },
        AppendStatus.TailMismatch => new AppendResponse { TailMismatch = new AppendResponse.Types.TailMismatch { Tail = result.Tail.Value } },
        AppendStatus.Fenced => new AppendResponse { Fenced = new AppendResponse.Types.Fenced { Token = result.Fence.Value } },
        AppendStatus.Forgotten => new AppendResponse { Forgotten = new AppendResponse.Types.Forgotten { OldestRemembered = result.OldestRemembered.Value } },
        AppendStatus.Conflict => new AppendResponse { Conflict = new AppendResponse.Types.Conflict { First = result.First.Value, Last = result.Last.Value } },
        _ => throw new InvariantViolationException($"every end of an append is told, {result.Status} too"),
    };

    /// <summary>A committed entry; its bytes are copied.</summary>
    public static JournalEntry ToWire(this in CommittedEntry entry)
    {
        var header = entry.Header;
        return new JournalEntry
        {
            Position = header.Sequence.Value,
            Epoch = header.Epoch.Value,
            TimeNs = header.Time.Nanoseconds,
            Type = header.Type == EntryType.Fence ? JournalEntry.Types.Type.Fence : JournalEntry.Types.Type.User,
            Payload = ByteString.CopyFrom(entry.Payload),
            ClientId = header.Client.IsNone ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(header.Client.ToByteArray()),
            ClientSequence = header.ClientSequence.Value,
            Hash = UnsafeByteOperations.UnsafeWrap(Identifier128.ToArray(entry.Hash.Value)),
            ProducerVersion = header.ProducerVersion,
        };
    }
}
