using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Simulation.Nodes;

namespace ControlPlane.Simulation.Checks;

/// <summary>Answers speak of what is durable only: each is held against the sender's disk as it leaves.</summary>
internal static class DurableWord
{
    public static void Check(SimulatedNode node, PeerMessage message)
    {
        var disk = node.Disk;
        if (disk.Lies)
        {
            return;
        }

        switch (message)
        {
            case Appended appended:
                Held(node, appended.Durable, "acknowledges");
                Promised(node, disk.Promise.Epoch == appended.Epoch && !disk.Promise.IsSealed, $"acknowledges in reign {appended.Epoch}");
                break;
            case Copied copied:
                Held(node, copied.Last, "says that it has copied");
                break;
            case Joined joined:
                Held(node, joined.Last, "joins with");
                Promised(node, disk.Promise.Epoch >= joined.Epoch, $"joins reign {joined.Epoch}");
                break;
            case Sealed sealing:
                Held(node, sealing.Last, "seals at");
                Promised(node, disk.Promise.Epoch >= sealing.Epoch && disk.Promise.IsSealed, $"seals reign {sealing.Epoch}");
                Promised(node, disk.Promise.IsWhole, "answers a seal as if it were whole");
                break;
            case Accepted accepted:
                Promised(node, disk.Acceptor.AcceptedAt >= accepted.Ballot, "accepts a ballot");
                break;
            case Prepared prepared:
                Promised(node, disk.Acceptor.Promised >= prepared.Ballot, "promises a ballot");
                break;
        }
    }

    private static void Held(SimulatedNode node, SequenceNumber position, string says)
    {
        if (position > node.Disk.Durable)
        {
            throw new ViolationException(nameof(DurableWord), $"{node.Name} {says} position {position}, but its disk holds only {node.Disk.Durable} durably");
        }
    }

    private static void Promised(SimulatedNode node, bool isDurable, string says)
    {
        if (!isDurable)
        {
            throw new ViolationException(nameof(DurableWord), $"{node.Name} {says}, but its disk has promised only {node.Disk.Promise}");
        }
    }
}
