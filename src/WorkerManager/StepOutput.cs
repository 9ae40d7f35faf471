using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// What one step decided: entries to append as one atomic append, and effects that may be released once those entries
/// (and everything before them) are committed. Reused from step to step.
/// </summary>
public sealed class StepOutput
{
    /// <summary>Entry <c>i</c> belongs at <see cref="FirstPosition"/> + <c>i</c>; the core has already applied it.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>In the order in which they must be released.</summary>
    public List<Effect> Effects { get; } = [];

    /// <summary>The stamp of all entries of the step.</summary>
    public JournalTime Time { get; internal set; }

    /// <summary>Where the first entry must stand; meaningful if there are entries.</summary>
    public SequenceNumber FirstPosition { get; internal set; }

    /// <summary>Empties both lists; keeps their memory.</summary>
    public void Clear()
    {
        Entries.Clear();
        Effects.Clear();
        Time = default;
        FirstPosition = default;
    }
}
