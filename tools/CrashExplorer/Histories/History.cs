using ControlPlane.CrashExplorer.Images;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;

namespace ControlPlane.CrashExplorer.Histories;

/// <summary>
/// Everything that a run changed on a disk, in order, and the disk at each moment of it as the running program saw it. Immutable once made;
/// threads may share it.
/// </summary>
internal sealed class History
{
    private readonly List<Change> _changes = [];
    private readonly List<DiskImage> _moments = [];

    private History(DiskImage start) => _moments.Add(start);

    public IReadOnlyList<Change> Changes => _changes;

    public static History Of(DiskImage start, IReadOnlyList<RecordedChange> recorded)
    {
        var history = new History(start.Fork());
        var handles = new Dictionary<int, int>();
        foreach (var change in recorded)
        {
            history.Add(change, handles);
        }

        return history;
    }

    /// <summary>The disk before the change numbered <paramref name="prefix"/>, nothing lost. Fork it to change it.</summary>
    public DiskImage At(int prefix) => _moments[prefix];

    /// <summary>The disk before the change numbered <paramref name="prefix"/>, without what <paramref name="losses"/> take away.</summary>
    /// <param name="prefix">How many changes the disk was asked for.</param>
    /// <param name="losses">What is missing of them.</param>
    /// <param name="strikeAt">The moment of a fault.</param>
    /// <param name="strike">The fault: changes the image before the change of that number is made.</param>
    public DiskImage Build(int prefix, IReadOnlyList<Loss> losses, int? strikeAt = null, Action<DiskImage>? strike = null)
    {
        if (losses.Count == 0 && strikeAt is null)
        {
            return At(prefix).Fork();
        }

        var byChange = losses.ToDictionary(loss => loss.Change);
        var first = losses.Select(loss => loss.Change).Append(strikeAt ?? prefix).Min();
        var image = At(first).Fork();
        for (var i = first; i < prefix; i++)
        {
            if (i == strikeAt)
            {
                strike?.Invoke(image);
            }

            if (!byChange.TryGetValue(i, out var loss) || (_changes[i].IsOfNames && IsNameKeptLater(_changes[i], prefix, byChange)))
            {
                Apply(image, _changes[i]);
            }
            else if (_changes[i].IsWrite)
            {
                WriteWhatIsLeft(image, _changes[i], loss, prefix, byChange);
            }
            else if (_changes[i].Kind is DiskOperationKind.Create or DiskOperationKind.CreateDirectory)
            {
                image.AddNameless(_changes[i].Node, _changes[i].Kind == DiskOperationKind.CreateDirectory);
            }
        }

        return image;
    }

    private static bool Apply(DiskImage image, Change change)
    {
        switch (change.Kind)
        {
            case DiskOperationKind.Create:
            case DiskOperationKind.CreateDirectory:
                return image.TryAdd(change.Parent, change.Name, change.Node, change.Kind == DiskOperationKind.CreateDirectory);
            case DiskOperationKind.Write:
                image.SetContent(change.Node, image.ContentOf(change.Node).With(change.Offset, change.Bytes.Span));
                return true;
            case DiskOperationKind.ZeroFill:
                image.SetContent(change.Node, image.ContentOf(change.Node).WithZeros(change.Offset, change.Length));
                return true;
            case DiskOperationKind.Rename:
                return image.TryRename(change.Parent, change.Name, change.NewParent, change.NewName);
            case DiskOperationKind.DeleteFile:
            case DiskOperationKind.DeleteDirectory:
                return image.TryRemove(change.Parent, change.Name);
            default:
                return true;
        }
    }

    // A cache holds one version of a sector: where a newer write of it arrived, so did this one.
    private void WriteWhatIsLeft(DiskImage image, Change write, Loss loss, int prefix, Dictionary<int, Loss> losses)
    {
        var (first, end) = write.Sectors;
        for (var sector = first; sector < end; sector++)
        {
            var from = Math.Max(sector * Change.SectorBytes, write.Offset);
            var until = Math.Min((sector + 1) * Change.SectorBytes, write.Offset + write.Length);
            if (loss.TakesSector(sector) && (loss.Strays || !IsKeptLater(write, sector, prefix, losses)))
            {
                (from, until) = loss.LeftOf(from, until);
            }

            if (from < until)
            {
                var content = image.ContentOf(write.Node);
                image.SetContent(write.Node, write.Kind == DiskOperationKind.ZeroFill
                    ? content.WithZeros(from, until - from)
                    : content.With(from, write.Bytes.Span[(int)(from - write.Offset)..(int)(until - write.Offset)]));
            }
        }
    }

    private bool IsKeptLater(Change write, long sector, int prefix, Dictionary<int, Loss> losses)
    {
        for (var i = write.Index + 1; i < prefix; i++)
        {
            var later = _changes[i];
            if (later.IsWrite && later.Node == write.Node && later.Sectors.First <= sector && sector < later.Sectors.End
                && !(losses.TryGetValue(i, out var loss) && loss.TakesSector(sector)))
            {
                return true;
            }
        }

        return false;
    }

    // A directory holds one version of a name, too.
    private bool IsNameKeptLater(Change change, int prefix, Dictionary<int, Loss> losses)
    {
        for (var i = change.Index + 1; i < prefix; i++)
        {
            if (_changes[i].IsOfNames && !losses.ContainsKey(i) && _changes[i].Names.Intersect(change.Names).Any())
            {
                return true;
            }
        }

        return false;
    }

    private void Add(RecordedChange recorded, Dictionary<int, int> handles)
    {
        var now = _moments[^1];
        if (recorded.Kind == DiskOperationKind.Open)
        {
            handles[recorded.Handle] = now.Find(recorded.Path)!.Value;
            return;
        }

        var change = new Change(_changes.Count, recorded.Kind, recorded.ToString())
        {
            Offset = recorded.Offset,
            Length = recorded.Length,
            Bytes = recorded.Bytes,
        };
        if (recorded.Handle != 0 && recorded.Kind != DiskOperationKind.Create)
        {
            change = change with { Node = handles[recorded.Handle] };
        }
        else if (recorded.Kind == DiskOperationKind.SyncDirectory)
        {
            change = change with { Node = now.Find(recorded.Path)!.Value };
        }
        else
        {
            var (parent, name) = DiskImage.Split(recorded.Path);
            change = change with { Parent = now.Find(parent)!.Value, Name = name };
        }

        if (recorded.Kind is DiskOperationKind.Create or DiskOperationKind.CreateDirectory)
        {
            change = change with { Node = now.Fork().NewNode() };
            handles[recorded.Handle] = change.Node;
        }
        else if (recorded.Destination is { } destination)
        {
            var (parent, name) = DiskImage.Split(destination);
            change = change with { NewParent = now.Find(parent)!.Value, NewName = name };
        }

        if (recorded.Kind == DiskOperationKind.DeleteDirectory)
        {
            change = change with { Node = now.Find(recorded.Path)!.Value };
        }

        var next = now.Fork();
        Apply(next, change);
        _changes.Add(change);
        _moments.Add(next);
    }
}
