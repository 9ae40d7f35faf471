using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Replicas;

/// <summary>
/// How far what a replica holds can count. Entries of a reign count up to where the next reign begins; a replica that was away when its
/// reign ended may hold more, which nobody was ever told of.
/// </summary>
public static class ClipPoint
{
    /// <summary>The first position at which an entry of <paramref name="lastEpoch"/> cannot count, or null: no later reign is known.</summary>
    /// <param name="lastEpoch">The reign of the last entry that the replica holds.</param>
    /// <param name="later">Epoch and start of the known reigns, in order; those without entries may be missing.</param>
    public static SequenceNumber? Of(Epoch lastEpoch, IEnumerable<(Epoch Epoch, SequenceNumber Start)> later)
    {
        foreach (var (epoch, start) in later)
        {
            if (epoch > lastEpoch)
            {
                return start;
            }
        }

        return null;
    }

    /// <summary>The same, for a reign that is being joined.</summary>
    public static SequenceNumber? Of(Epoch lastEpoch, Join join) =>
        Of(lastEpoch, join.Closed.Select(closed => (closed.Epoch, closed.Start)).Append((join.Epoch, join.Start)));
}
