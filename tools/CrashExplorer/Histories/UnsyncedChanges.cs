using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Histories;

/// <summary>What no sync has covered yet at one moment of a history, oldest first: what a power cut there may lose.</summary>
/// <param name="Writes">To files.</param>
/// <param name="Names">In directories.</param>
internal sealed record UnsyncedChanges(IReadOnlyList<Change> Writes, IReadOnlyList<Change> Names)
{
    /// <summary>All of both, in order.</summary>
    public IEnumerable<Change> All => Writes.Concat(Names).OrderBy(change => change.Index);

    public bool IsEmpty => Writes.Count == 0 && Names.Count == 0;

    /// <param name="history">The history.</param>
    /// <param name="prefix">The moment.</param>
    /// <param name="ignoredSync">A sync that the disk only claims to have made; null: all are made.</param>
    public static UnsyncedChanges At(History history, int prefix, int? ignoredSync = null)
    {
        var writes = new List<Change>();
        var names = new List<Change>();
        for (var i = 0; i < prefix; i++)
        {
            var change = history.Changes[i];
            if (change.IsWrite)
            {
                writes.Add(change);
            }
            else if (change.IsOfNames)
            {
                names.Add(change);
            }
            else if (i != ignoredSync)
            {
                Cover(change, change.Kind == DiskOperationKind.SyncData ? writes : names);
            }
        }

        return new UnsyncedChanges(writes, names);
    }

    /// <summary>What the sync at <paramref name="sync"/> was to make durable.</summary>
    public static IReadOnlyList<Change> CoveredBy(History history, int sync)
    {
        var before = At(history, sync);
        var after = At(history, sync + 1);
        return [.. before.All.Except(after.All)];
    }

    private static void Cover(Change sync, List<Change> changes)
    {
        // A directory that is durably gone takes along what was done inside.
        var gone = changes.Where(change => change.Kind == DiskOperationKind.DeleteDirectory && change.Parent == sync.Node).Select(change => change.Node).ToHashSet();
        changes.RemoveAll(change => change.IsWrite
            ? change.Node == sync.Node
            : change.Names.Any(name => name.Directory == sync.Node || gone.Contains(name.Directory)));
    }
}
