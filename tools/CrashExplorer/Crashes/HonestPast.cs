using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;

namespace ControlPlane.CrashExplorer.Crashes;

/// <summary>
/// Could a disk that keeps its word have left an image at an earlier moment? Then no program can tell it from what that moment left, and what
/// was told later cannot be asked of it: the fault has undone a sync, and every trace of it.
/// </summary>
internal static class HonestPast
{
    /// <summary>The latest moment before <paramref name="prefix"/> at which a crash could leave <paramref name="image"/>; null if there is none.</summary>
    public static int? Of(History history, int prefix, DiskImage image)
    {
        for (var moment = prefix - 1; moment >= 0; moment--)
        {
            var unsynced = UnsyncedChanges.At(history, moment);
            var kept = history.At(moment);
            if (Explains(image, kept, history.Build(moment, CrashKinds.All(unsynced.Writes)))
                || (unsynced.Names.Count > 0 && Explains(image, history.Build(moment, CrashKinds.All(unsynced.Names)), history.Build(moment, CrashKinds.All(unsynced.All)))))
            {
                return moment;
            }
        }

        return null;
    }

    /// <summary>True if the names are those of <paramref name="kept"/>, and each sector is that of the one or of the other.</summary>
    private static bool Explains(DiskImage image, DiskImage kept, DiskImage lost)
    {
        var files = image.Files().ToArray();
        return files.SequenceEqual(kept.Files()) && image.Directories().SequenceEqual(kept.Directories())
            && files.All(file => Explains(image.FileAt(file)!, kept.FileAt(file)!, lost.FileAt(file) ?? FileContent.Empty));
    }

    private static bool Explains(FileContent content, FileContent kept, FileContent lost)
    {
        if (content.Hash == kept.Hash || content.Hash == lost.Hash)
        {
            return true;
        }

        if (content.Length != kept.Length && content.Length != lost.Length)
        {
            return false;
        }

        for (var at = 0L; at < content.Length; at += Change.SectorBytes)
        {
            var sector = content.ToArray(at, Change.SectorBytes);
            if (!sector.AsSpan().SequenceEqual(kept.ToArray(at, Change.SectorBytes)) && !sector.AsSpan().SequenceEqual(lost.ToArray(at, Change.SectorBytes)))
            {
                return false;
            }
        }

        return true;
    }
}
