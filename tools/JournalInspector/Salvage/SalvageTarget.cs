using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary>
/// The new directory. It is made under another name and renamed when it is complete, so that a directory of the wanted name is
/// a whole one. It is never one that holds something, and never inside the source, or around it.
/// </summary>
internal sealed class SalvageTarget
{
    private const string Unfinished = ".unfinished";
    private readonly IDisk _disk;
    private readonly string _path;

    private SalvageTarget(string path, IDisk disk)
    {
        _disk = disk;
        _path = path;
    }

    /// <summary>Where it is made.</summary>
    public string Path => _path + Unfinished;

    /// <exception cref="UsageException">It may not be written.</exception>
    public static SalvageTarget Of(string path, JournalDirectory source)
    {
        var (target, inspected) = (ResolvedPath.Of(path), ResolvedPath.Of(source.Root));
        if (target.IsWithin(inspected) || inspected.IsWithin(target))
        {
            throw new UsageException($"{path} lies inside the source, or around it: the source is never written");
        }

        foreach (var occupied in new[] { target.Full, target.Full + Unfinished })
        {
            if (source.Disk.FileExists(occupied) || (source.Disk.DirectoryExists(occupied) && source.Disk.List(occupied).Count > 0))
            {
                throw new UsageException($"{(occupied == target.Full ? path : path + Unfinished)} is not empty: name a new directory");
            }
        }

        return source.Disk.DirectoryExists(System.IO.Path.GetDirectoryName(target.Full)!)
            ? new SalvageTarget(target.Full, source.Disk)
            : throw new UsageException($"{System.IO.Path.GetDirectoryName(path)} does not exist");
    }

    public void Begin() => _disk.CreateDirectory(Path);

    public void Complete()
    {
        _disk.SyncDirectory(Path);
        if (_disk.DirectoryExists(_path))
        {
            _disk.DeleteDirectory(_path);
        }

        _disk.Rename(Path, _path);
        _disk.SyncDirectory(System.IO.Path.GetDirectoryName(_path)!);
    }
}
