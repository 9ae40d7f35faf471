namespace ControlPlane.Replication.Messages;

/// <summary>The fields of a reign's messages; see <see cref="PeerMessageCodec"/>.</summary>
internal static class ReignMessageCodec
{
    public static bool TryWrite(PeerMessage message, ref PeerFieldWriter writer)
    {
        switch (message)
        {
            case Append append:
                writer.Epoch(append.Epoch);
                writer.Sequence(append.Committed);
                writer.UInt64(append.Stamp);
                writer.Sequence(append.First);
                writer.Bytes(append.Entries, PeerLimits.BytesMax);
                return true;
            case Appended appended:
                writer.Epoch(appended.Epoch);
                writer.Sequence(appended.Durable);
                writer.UInt64(appended.Stamp);
                writer.Sequence(appended.Snapshot);
                writer.Flag(appended.IsWhole);
                return true;
            case Join join:
                writer.Epoch(join.Epoch);
                writer.Sequence(join.Start);
                writer.Hash(join.StartHash);
                writer.ClosedReigns(join.Closed);
                writer.Flag(join.IsMember);
                return true;
            case Joined joined:
                writer.Epoch(joined.Epoch);
                writer.Sequence(joined.Last);
                writer.Hash(joined.LastHash);
                writer.Flag(joined.IsWhole);
                return true;
            case Refused refused:
                writer.Epoch(refused.Promised);
                writer.Flag(refused.IsSealed);
                writer.Byte((byte)refused.Reason);
                writer.Sequence(refused.Last);
                return true;
            case Healed healed:
                writer.Epoch(healed.Epoch);
                writer.Sequence(healed.Held);
                return true;
            case Kept kept:
                writer.Epoch(kept.Epoch);
                writer.Sequence(kept.From);
                return true;
            case HandOver handOver:
                writer.Epoch(handOver.Epoch);
                writer.Replicas(handOver.NextReplicas);
                return true;
            default:
                return false;
        }
    }

    public static PeerMessage? Read(PeerMessageKind kind, ref PeerFieldReader reader) => kind switch
    {
        PeerMessageKind.Append => new Append(
            reader.Epoch(), reader.Sequence("committed"), reader.UInt64("stamp"), reader.Sequence("first"), reader.Bytes(PeerLimits.BytesMax, "entries")),
        PeerMessageKind.Appended => new Appended(
            reader.Epoch(), reader.Sequence("durable"), reader.UInt64("stamp"), reader.Sequence("snapshot"), reader.Flag("is whole")),
        PeerMessageKind.Join => new Join(
            reader.Epoch(), reader.Sequence("start"), reader.Hash("start hash"), reader.ClosedReigns(), reader.Flag("is member")),
        PeerMessageKind.Joined => new Joined(reader.Epoch(), reader.Sequence("last"), reader.Hash("last hash"), reader.Flag("is whole")),
        PeerMessageKind.Refused => new Refused(reader.Epoch("promised"), reader.Flag("is sealed"), reader.Refusal(), reader.Sequence("last")),
        PeerMessageKind.Healed => new Healed(reader.Epoch(), reader.Sequence("held")),
        PeerMessageKind.Kept => new Kept(reader.Epoch(), reader.Sequence("from")),
        PeerMessageKind.HandOver => new HandOver(reader.Epoch(), reader.Replicas("next replicas")),
        _ => null,
    };
}
