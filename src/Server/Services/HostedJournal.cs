using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Server.Errors;

namespace ControlPlane.Server.Services;

/// <summary>A journal of this node as the journal service sees it.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="Directory">Where it lies.</param>
/// <param name="Engine">For reading.</param>
/// <param name="Host">For writing; null if the worker manager owns it.</param>
/// <param name="Partition">The worker manager's that owns it, or null.</param>
internal sealed record HostedJournal(string Name, string Directory, JournalEngine Engine, JournalHost? Host, ServedPartition? Partition);

/// <summary>The journals of this node, by name or id.</summary>
internal sealed class HostedJournals(IReadOnlyList<HostedJournal> journals)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<HostedJournal> All { get; } = journals;

    /// <summary>The journal for reading.</summary>
    public HostedJournal Find(string nameOrId)
    {
        var isId = JournalId.TryParse(nameOrId, out var id);
        return All.FirstOrDefault(journal => journal.Name == nameOrId || (isId && journal.Engine.Id == id))
            ?? throw Refusals.UnknownJournal(nameOrId);
    }

    /// <summary>The journal for writing.</summary>
    public JournalHost FindWritable(string nameOrId) => Find(nameOrId).Host ?? throw Refusals.JournalOwned(nameOrId);
}
