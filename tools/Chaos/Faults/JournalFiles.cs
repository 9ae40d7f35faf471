namespace ControlPlane.Chaos.Faults;

/// <summary>The files of a stopped replica, as somebody with a hex editor sees them.</summary>
internal static class JournalFiles
{
    private const int SectorBytes = 512;
    private const string Segments = "segments";

    /// <summary>A replica's directory.</summary>
    public static string ReplicaOf(string data, string journal) => Path.Combine(data, journal, "replica");

    /// <summary>Entry files that have anything in them, each with the end of what is written; the rest is allocated ahead.</summary>
    public static IReadOnlyList<(string Path, long Written)> Written(string replica) =>
    [
        .. Directory.GetFiles(replica, "*.entries", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (path, EndOfWritten(path))).Where(file => file.Item2 > 0),
    ];

    public static void FlipBit(string path, long offset, int bit) => Change(path, file =>
    {
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ (1 << bit)));
    });

    /// <summary>Writes the sector at one place over that at another.</summary>
    public static void CopySector(string path, long from, long to) => Change(path, file =>
    {
        var sector = new byte[SectorBytes];
        file.Position = from / SectorBytes * SectorBytes;
        file.ReadExactly(sector);
        file.Position = to / SectorBytes * SectorBytes;
        file.Write(sector);
    });

    /// <summary>Swaps two neighbouring words of eight bytes.</summary>
    public static void SwapWords(string path, long offset) => Change(path, file =>
    {
        var words = new byte[16];
        file.Position = offset;
        file.ReadExactly(words);
        file.Position = offset;
        file.Write(words.AsSpan(8));
        file.Write(words.AsSpan(0, 8));
    });

    /// <summary>Copies a replica's segments, also while a process has the files open.</summary>
    public static void CopySegments(string replica, string copy)
    {
        var from = Path.Combine(replica, Segments);
        Directory.CreateDirectory(copy);
        foreach (var path in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var file = new FileStream(target, FileMode.Create);
                source.CopyTo(file);
            }
            catch (FileNotFoundException)
            {
                // Renamed meanwhile: an image of a live disk may lack it.
            }
        }
    }

    /// <summary>Puts a copy in the place of a stopped replica's segments.</summary>
    public static void RestoreSegments(string copy, string replica)
    {
        var segments = Path.Combine(replica, Segments);
        Directory.Delete(segments, recursive: true);
        foreach (var path in Directory.GetFiles(copy, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(segments, Path.GetRelativePath(copy, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }

    private static long EndOfWritten(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var block = new byte[1 << 16];
        for (var from = Math.Max(0, file.Length - 1) / block.Length * block.Length; from >= 0 && file.Length > 0; from -= block.Length)
        {
            file.Position = from;
            var read = file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (block.AsSpan(0, read).LastIndexOfAnyExcept((byte)0) is >= 0 and var last)
            {
                return from + last + 1;
            }
        }

        return 0;
    }

    private static void Change(string path, Action<FileStream> change)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        change(file);
    }
}
