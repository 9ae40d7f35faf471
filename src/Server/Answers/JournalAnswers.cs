using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Protocol.V1;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Replicas;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Reading;
using Google.Protobuf;
using AppendResponse = ControlPlane.Protocol.V1.AppendResponse;

namespace ControlPlane.Server.Answers;

/// <summary>What the journal service answers.</summary>
internal static class JournalAnswers
{
    /// <summary>How durable an acknowledged entry is.</summary>
    public static string Durability(this JournalEngine journal) => $"synced on {Quorum.MajorityOf(journal.Replicas)} of {journal.Replicas} replicas";

    /// <summary>How an append ended: a failed condition is a result, not an error.</summary>
    public static AppendResponse ToWire(this AppendResult result, JournalEngine journal) => result.Status switch
    {
        AppendStatus.Ok => new AppendResponse
        {
            Ok = new AppendResponse.Types.Ok { First = result.First.Value, Last = result.Last.Value, Replayed = result.Replayed, Durability = journal.Durability() },
        },
        AppendStatus.TailMismatch => new AppendResponse { TailMismatch = new AppendResponse.Types.TailMismatch { Tail = result.Tail.Value } },
        AppendStatus.Fenced => new AppendResponse { Fenced = new AppendResponse.Types.Fenced { Token = result.Fence.Value } },
        AppendStatus.Forgotten => new AppendResponse { Forgotten = new AppendResponse.Types.Forgotten { OldestRemembered = result.OldestRemembered.Value } },
        AppendStatus.Conflict => new AppendResponse { Conflict = new AppendResponse.Types.Conflict { First = result.First.Value, Last = result.Last.Value } },
        _ => throw new InvariantViolationException($"every end of an append is told, {result.Status} too"),
    };

    /// <summary>A replica at another node.</summary>
    public static ReplicaStatus ToWire(this PeerProgress peer, JournalEngine journal) => new()
    {
        Node = journal.NodeNameOf(peer.Replica) ?? "",
        Replica = peer.Replica.ToString(),
        Standing = peer.Standing switch
        {
            PeerStanding.Following => "following",
            PeerStanding.NeedsSnapshot => "needs snapshot",
            _ => "away",
        },
        Durable = peer.Durable.Value,
        Snapshot = peer.Snapshot.Value,
        IsMember = peer.IsMember,
        IsWhole = peer.IsWhole,
    };

    /// <summary>A replica at another node that is no member.</summary>
    public static ReplicaStatus ToWire(this ReplicaId spare, JournalEngine journal) =>
        new() { Node = journal.NodeNameOf(spare) ?? "", Replica = spare.ToString(), Standing = "spare", IsWhole = true };

    /// <summary>The same as part of a journal's status.</summary>
    public static JournalStatusResponse.Types.Replica ToReplica(ReplicaStatus status) => new()
    {
        Id = status.Replica,
        DurableTail = status.Durable + 1,
        Node = status.Node,
        Standing = status.Standing,
        Snapshot = status.Snapshot,
        IsMember = status.IsMember,
        IsWhole = status.IsWhole,
    };

    /// <summary>How far a replacement is.</summary>
    public static ReplaceReplicaProgress ToWire(this ReplacementProgress progress) => new()
    {
        Stage = progress.Stage switch
        {
            ReplacementStage.CatchingUp => ReplaceReplicaProgress.Types.Stage.CatchingUp,
            ReplacementStage.ChangingVotes => ReplaceReplicaProgress.Types.Stage.ChangingVotes,
            ReplacementStage.HandingOver => ReplaceReplicaProgress.Types.Stage.HandingOver,
            _ => ReplaceReplicaProgress.Types.Stage.Replaced,
        },
        Leaving = progress.Leaving.ToString(),
        Joining = progress.Joining.ToString(),
        Node = progress.Node,
        Held = progress.Held.Value,
        Last = progress.Last.Value,
        SnapshotSent = progress.Snapshot.Sent,
        SnapshotBytes = progress.Snapshot.Total,
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
