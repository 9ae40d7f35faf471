using System.Globalization;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// Takes segments out of the journal: <see cref="Drop"/> deletes them, <see cref="SetAside"/> keeps them under another name, for as long
/// as this replica may be the only one that holds what is in them. One rename each: a segment is in the journal or it is not.
/// </summary>
internal sealed class RetiredSegments(IDisk disk, ReplicaInspection replica)
{
    private const string SetAsideSuffix = ".set-aside";

    /// <summary>True for <c>&lt;segment&gt;.set-aside</c>, and the same with a number where the name was taken.</summary>
    public static bool IsSetAside(string name)
    {
        var suffix = name.IndexOf(SetAsideSuffix, StringComparison.Ordinal);
        if (suffix < 0 || !SegmentName.TryParse(name[..suffix], out _))
        {
            return false;
        }

        var number = name.AsSpan(suffix + SetAsideSuffix.Length);
        return number.IsEmpty || (number[0] == '.' && int.TryParse(number[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }

    /// <summary>Deletes the segment, or keeps it under another name if <paramref name="keep"/> and there is anything in it. Says what was done.</summary>
    public string Retire(SegmentName name, bool keep)
    {
        if (keep && !IsUnused(name))
        {
            return $"segment {name} set aside as {SetAside(name)}";
        }

        Drop(name);
        return $"segment {name} removed";
    }

    /// <summary>Deletes the segment. What an interruption leaves is finished by the next start.</summary>
    public void Drop(SegmentName name)
    {
        var dropped = PathOf(name.ToString()) + SegmentFiles.UnfinishedSuffix;
        Rename(name, dropped);
        UnfinishedWork.RemoveDirectory(disk, dropped);
    }

    /// <summary>Deletes everything that was set aside.</summary>
    public void DeleteSetAside()
    {
        foreach (var name in replica.ListSetAside())
        {
            UnfinishedWork.RemoveDirectory(disk, PathOf(name));
        }
    }

    private string SetAside(SegmentName name)
    {
        var aside = name + SetAsideSuffix;
        for (var number = 2; disk.DirectoryExists(PathOf(aside)); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{name}{SetAsideSuffix}.{number}");
        }

        Rename(name, PathOf(aside));
        return aside;
    }

    private bool IsUnused(SegmentName name)
    {
        using var scanner = replica.ScannerOf(name);
        return scanner.Scan(default, (in ScannedEntry _) => false) is { EntryCount: 0, Damage: null };
    }

    private void Rename(SegmentName name, string destination)
    {
        disk.Rename(PathOf(name.ToString()), destination);
        disk.SyncDirectory(replica.Paths.Segments);
    }

    private string PathOf(string name) => Path.Combine(replica.Paths.Segments, name);
}
