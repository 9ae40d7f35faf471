namespace ControlPlane.Replication.Messages;

/// <summary>The fields of an opening's messages; see <see cref="PeerMessageCodec"/>.</summary>
internal static class OpeningMessageCodec
{
    public static bool TryWrite(PeerMessage message, ref PeerFieldWriter writer)
    {
        switch (message)
        {
            case Seal seal:
                writer.Epoch(seal.Epoch);
                writer.Flag(seal.IsForced);
                return true;
            case Sealed sealed_:
                writer.Epoch(sealed_.Epoch);
                writer.Sequence(sealed_.Last);
                writer.Hash(sealed_.LastHash);
                writer.Epoch(sealed_.LastEpoch);
                return true;
            case Fetch fetch:
                writer.Sequence(fetch.From);
                writer.Sequence(fetch.ToExclusive);
                return true;
            case Fetched fetched:
                writer.Sequence(fetched.First);
                writer.Bytes(fetched.Entries, PeerLimits.BytesMax);
                return true;
            case Copy copy:
                writer.Epoch(copy.Epoch);
                writer.Sequence(copy.First);
                writer.Bytes(copy.Entries, PeerLimits.BytesMax);
                return true;
            case Copied copied:
                writer.Epoch(copied.Epoch);
                writer.Sequence(copied.Last);
                writer.Hash(copied.LastHash);
                return true;
            case FetchSnapshot fetch:
                writer.Sequence(fetch.Position);
                writer.UInt64(fetch.Offset);
                return true;
            case SnapshotPart part:
                writer.Sequence(part.Position);
                writer.UInt64(part.Offset);
                writer.UInt64(part.FileBytes);
                writer.Bytes(part.Bytes, PeerLimits.BytesMax);
                return true;
            default:
                return false;
        }
    }

    public static PeerMessage? Read(PeerMessageKind kind, ref PeerFieldReader reader) => kind switch
    {
        PeerMessageKind.Seal => new Seal(reader.Epoch(), reader.Flag("is forced")),
        PeerMessageKind.Sealed => new Sealed(reader.Epoch(), reader.Sequence("last"), reader.Hash("last hash"), reader.Epoch()),
        PeerMessageKind.Fetch => new Fetch(reader.Sequence("from"), reader.Sequence("end")),
        PeerMessageKind.Fetched => new Fetched(reader.Sequence("first"), reader.Bytes(PeerLimits.BytesMax, "entries")),
        PeerMessageKind.Copy => new Copy(reader.Epoch(), reader.Sequence("first"), reader.Bytes(PeerLimits.BytesMax, "entries")),
        PeerMessageKind.Copied => new Copied(reader.Epoch(), reader.Sequence("last"), reader.Hash("last hash")),
        PeerMessageKind.FetchSnapshot => new FetchSnapshot(reader.Sequence("position"), reader.UInt64("offset")),
        PeerMessageKind.SnapshotPart => new SnapshotPart(
            reader.Sequence("position"), reader.UInt64("offset"), reader.UInt64("file bytes"), reader.Bytes(PeerLimits.BytesMax, "part")),
        _ => null,
    };
}
