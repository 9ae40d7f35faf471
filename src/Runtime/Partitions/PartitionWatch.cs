using ControlPlane.Runtime.Journals;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Partitions;

/// <summary>Whoever learns from a partition's loop what has happened, on the loop's thread.</summary>
internal abstract class PartitionWatch
{
    /// <summary>A batch has ended.</summary>
    public abstract void Committed(JournalEngine engine);

    /// <summary>The node leads from now on.</summary>
    public abstract void Leads();

    /// <summary>The node leads no more. Until the batch has ended, which may take as long as a replay, everybody is to be told <paramref name="elsewhere"/>.</summary>
    public abstract void Deposed(Rejection elsewhere);

    /// <summary>The loop has ended.</summary>
    public abstract void Failed(Exception fault);
}
