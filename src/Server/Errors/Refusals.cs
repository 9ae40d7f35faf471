using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Server.Errors;

/// <summary>Refusals that the shell itself decides on, before or beside the worker manager.</summary>
internal static class Refusals
{
    /// <summary>What is said of durability "pre-granted".</summary>
    public const string PreGrantedMessage = "durability PRE_GRANTED does not exist in this version; ask for JOURNALED";

    /// <summary>The caller's deadline has passed or it has gone, and nothing was journaled.</summary>
    public static RpcException DeadlineBeforeAppend() =>
        ErrorTable.ToRpcException(ErrorReason.DeadlineBeforeAppend, "the deadline passed before anything was journaled; nothing happened");

    /// <summary>The answer is not known here. Who may know it, if that is known.</summary>
    public static RpcException OutcomeUnknown(string leader = "") => ErrorTable.ToRpcException(
        ErrorReason.OutcomeUnknown, "the answer was lost; retry with the same request id to learn it", leader.Length == 0 ? [] : [new("leader", leader)]);

    /// <summary>Another node leads the journal; nothing happened. Its address, if it is known.</summary>
    public static RpcException NotLeader(string? leader) =>
        ErrorTable.ToRpcException(ErrorReason.NotLeader, NotLeaderMessage("", leader), [new("leader", leader ?? "")]);

    /// <summary>Another node leads the partition; nothing happened. Its address, if it is known.</summary>
    public static RpcException NotLeader(string? leader, PartitionId partition, PartitionMap map) => ErrorTable.ToRpcException(
        ErrorReason.NotLeader,
        NotLeaderMessage(map.Count == 1 ? "" : $" partition {partition}", leader),
        [new("leader", leader ?? ""), new("partition", partition.ToString()), new("partitions", map.Count.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>A bounded queue is full.</summary>
    public static RpcException Overloaded(string what, long max) => ErrorTable.ToRpcException(
        ErrorReason.Overloaded,
        $"{what}: the limit of {max.ToString(CultureInfo.InvariantCulture)} is reached; nothing was applied",
        [new("what", what), new("max", max.ToString(CultureInfo.InvariantCulture)), new("retry_after_ms", "250")]);

    /// <summary>Durability "pre-granted".</summary>
    public static RpcException PreGrantedUnsupported() =>
        ErrorTable.ToRpcException(ErrorReason.Unsupported, PreGrantedMessage);

    /// <summary>The node keeps journals only.</summary>
    public static RpcException NoWorkerManager() => ErrorTable.ToRpcException(
        ErrorReason.Unsupported, "this node keeps journals and has no worker manager; ask it for `cpctl journal status NAME`, or ask another node");

    /// <summary>The position lies before the journal's head.</summary>
    public static RpcException Trimmed(SequenceNumber position, SequenceNumber head) => ErrorTable.ToRpcException(
        ErrorReason.Trimmed,
        $"position {position} is trimmed; the journal begins at {head}",
        [new("head", head.ToString())]);

    /// <summary>The position lies beyond the committed tail.</summary>
    public static RpcException BeyondTail(SequenceNumber position, SequenceNumber tail) => ErrorTable.ToRpcException(
        ErrorReason.BeyondTail,
        $"position {position} is not written yet; the next one is {tail}",
        [new("tail", tail.ToString())]);

    /// <summary>Nobody can take over.</summary>
    public static RpcException NoSuccessor(string node) => ErrorTable.ToRpcException(
        ErrorReason.NoSuccessor,
        node.Length == 0 ? "no other node holds everything and can be reached; this node leads on" : $"node '{node}' cannot take over now: it is not reached, or lacks too much; this node leads on");

    /// <summary>A replica cannot be replaced, or was not.</summary>
    public static RpcException NoReplacement(string why) => ErrorTable.ToRpcException(ErrorReason.NoReplacement, why);

    /// <summary>A worker that divides its capacity otherwise than the plane.</summary>
    public static RpcException PartitionsDiffer(uint partitions, PartitionMap map) => ErrorTable.ToRpcException(
        ErrorReason.PartitionsDiffer,
        $"the worker divides its capacity among {partitions}, and the plane has {map.Count} partitions",
        [new("partitions", map.Count.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>No journal of that name or id.</summary>
    public static RpcException UnknownJournal(string journal) =>
        ErrorTable.ToRpcException(ErrorReason.UnknownJournal, $"there is no journal '{journal}' on this node");

    /// <summary>The journal is the worker manager's.</summary>
    public static RpcException JournalOwned(string journal) =>
        ErrorTable.ToRpcException(ErrorReason.JournalOwned, $"'{journal}' belongs to the worker manager; only its leader writes to it");

    /// <summary>The journal has no snapshot.</summary>
    public static RpcException NoSnapshot(string journal) =>
        ErrorTable.ToRpcException(ErrorReason.NoSnapshot, $"'{journal}' has no snapshot that covers this");

    /// <summary>The tenant was never seen.</summary>
    public static RpcException UnknownTenant(TenantName tenant) =>
        ErrorTable.ToRpcException(ErrorReason.UnknownTenant, $"tenant '{tenant}' was never seen");

    private static string NotLeaderMessage(string what, string? leader) => leader is null
        ? $"this node does not lead{what}, and does not know who does; ask another, or again in a moment"
        : $"this node does not lead{what}; ask {leader}";

    /// <summary>The node stops.</summary>
    public static RpcException Draining() =>
        ErrorTable.ToRpcException(ErrorReason.Draining, "this node is stopping and takes nothing new");
}
