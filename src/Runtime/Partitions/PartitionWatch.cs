using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Partitions;

/// <summary>Whoever learns from a partition's loop what has happened, on the loop's thread.</summary>
internal abstract class PartitionWatch
{
    /// <summary>A batch has ended.</summary>
    public abstract void Committed(JournalEngine engine);

    /// <summary>The node leads from now on, or no more.</summary>
    public abstract void LeadershipChanged(bool leads);

    /// <summary>The loop has ended.</summary>
    public abstract void Failed(Exception fault);
}
