namespace ControlPlane.Journal.Disk.Faults;

/// <summary>Something that a power cut may undo.</summary>
internal abstract record UnsyncedChange(string Path)
{
    /// <summary>Undoes what does not survive. <paramref name="kept"/>: sectors of which a newer version survived.</summary>
    public abstract void Revert(IDisk disk, Func<bool> survives, HashSet<(string Path, long Sector)> kept);

    /// <summary>The same change after a rename of its file, or of its file's directory.</summary>
    public UnsyncedChange Moved(string source, string destination) =>
        Path == source ? this with { Path = destination }
        : Path.StartsWith(source + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? this with { Path = destination + Path[source.Length..] }
            : this;
}

/// <summary>Bytes that were written; <paramref name="Before"/> is what was there, shorter where the file ended.</summary>
internal sealed record UnsyncedWrite(string Path, long Offset, int Length, byte[] Before) : UnsyncedChange(Path)
{
    private const int SectorBytes = 512;

    public override void Revert(IDisk disk, Func<bool> survives, HashSet<(string Path, long Sector)> kept)
    {
        if (!disk.FileExists(Path))
        {
            return;
        }

        using var file = disk.Open(Path, writable: true);
        for (var at = Offset; at < Offset + Length; at = NextSector(at))
        {
            // The cache holds one version of a sector: if a newer write of it arrived, so did this one.
            if (kept.Contains((Path, at / SectorBytes)) || survives())
            {
                kept.Add((Path, at / SectorBytes));
                continue;
            }

            var lost = new byte[Math.Min(NextSector(at), Offset + Length) - at];
            var from = (int)(at - Offset);
            if (from < Before.Length)
            {
                Before.AsSpan(from, Math.Min(lost.Length, Before.Length - from)).CopyTo(lost);
            }

            file.Write(at, lost);
        }
    }

    private static long NextSector(long offset) => ((offset / SectorBytes) + 1) * SectorBytes;
}

/// <summary>A name that was created, or renamed from <paramref name="WasAt"/>.</summary>
internal sealed record UnsyncedName(string Path, string? WasAt) : UnsyncedChange(Path)
{
    public override void Revert(IDisk disk, Func<bool> survives, HashSet<(string Path, long Sector)> kept)
    {
        if (survives())
        {
            return;
        }

        if (WasAt is not null)
        {
            disk.Rename(Path, WasAt);
        }
        else if (disk.FileExists(Path))
        {
            disk.DeleteFile(Path);
        }
    }
}
