namespace ControlPlane.Replication.Messages;

/// <summary>The fields of the register's messages; see <see cref="PeerMessageCodec"/>.</summary>
internal static class RegisterMessageCodec
{
    public static bool TryWrite(PeerMessage message, ref PeerFieldWriter writer)
    {
        switch (message)
        {
            case Prepare prepare:
                writer.Ballot(prepare.Ballot);
                return true;
            case Prepared prepared:
                writer.Ballot(prepared.Ballot);
                writer.Ballot(prepared.AcceptedAt);
                writer.Register(prepared.State);
                return true;
            case Accept accept:
                writer.Ballot(accept.Ballot);
                writer.Register(accept.State);
                return true;
            case Accepted accepted:
                writer.Ballot(accepted.Ballot);
                return true;
            case BallotRefused refused:
                writer.Ballot(refused.Ballot);
                writer.Ballot(refused.Promised);
                return true;
            case Found found:
                writer.Replicas(found.Acceptors);
                return true;
            case Founded founded:
                writer.Replicas(founded.Acceptors);
                return true;
            default:
                return false;
        }
    }

    public static PeerMessage? Read(PeerMessageKind kind, ref PeerFieldReader reader) => kind switch
    {
        PeerMessageKind.Prepare => new Prepare(reader.Ballot()),
        PeerMessageKind.Prepared => new Prepared(reader.Ballot(), reader.Ballot("accepted at"), reader.Register()),
        PeerMessageKind.Accept => new Accept(reader.Ballot(), reader.Register()),
        PeerMessageKind.Accepted => new Accepted(reader.Ballot()),
        PeerMessageKind.BallotRefused => new BallotRefused(reader.Ballot(), reader.Ballot("promised")),
        PeerMessageKind.Found => new Found(reader.Replicas("acceptors")),
        PeerMessageKind.Founded => new Founded(reader.Replicas("acceptors")),
        _ => null,
    };
}
