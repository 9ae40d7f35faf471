namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>The files of a stopped plane's journal, as somebody with a hex editor sees them.</summary>
internal static class JournalFiles
{
    private const int SectorBytes = 512;

    /// <summary>How an entry begins the 16 bytes of a request id: its first half, as a little-endian number.</summary>
    public static byte[] AsInEntries(byte[] requestId) => [.. requestId[..8].Reverse()];

    /// <summary>Where the journal has the grant of a request: the file, and the position of the request's id.</summary>
    public static (string File, long Offset) Find(string journal, byte[] requestId)
    {
        var pattern = AsInEntries(requestId);
        foreach (var file in Directory.GetFiles(journal, "*.entries", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var offset = File.ReadAllBytes(file).AsSpan().IndexOf(pattern);
            if (offset >= 0)
            {
                return (file, offset);
            }
        }

        throw new InvalidOperationException($"no file below {journal} has the request");
    }

    public static void FlipBit(string file, long offset) => Change(file, stream =>
    {
        stream.Position = offset;
        var value = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(value ^ 1));
    });

    /// <summary>Zeros the whole sector that has the byte at <paramref name="offset"/>.</summary>
    public static void ZeroSector(string file, long offset) => Change(file, stream =>
    {
        stream.Position = offset / SectorBytes * SectorBytes;
        stream.Write(new byte[SectorBytes]);
    });

    /// <summary>Swaps two neighbouring words of eight bytes.</summary>
    public static void SwapWords(string file, long offset) => Change(file, stream =>
    {
        var words = new byte[16];
        stream.Position = offset;
        stream.ReadExactly(words);
        stream.Position = offset;
        stream.Write(words.AsSpan(8));
        stream.Write(words.AsSpan(0, 8));
    });

    /// <summary>Writes the sector at one place over that at another.</summary>
    public static void CopySector(string file, long from, long to) => Change(file, stream =>
    {
        var sector = new byte[SectorBytes];
        stream.Position = from / SectorBytes * SectorBytes;
        stream.ReadExactly(sector);
        stream.Position = to / SectorBytes * SectorBytes;
        stream.Write(sector);
    });

    /// <summary>Zeros everything from the sector at <paramref name="offset"/> on, as if it had never been written.</summary>
    public static void ZeroFrom(string file, long offset) => Change(file, stream =>
    {
        stream.Position = offset / SectorBytes * SectorBytes;
        stream.Write(new byte[stream.Length - stream.Position]);
    });

    /// <summary>Copies everything below a directory but the locks, also while a process has the files open.</summary>
    public static void CopyDirectory(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = new FileStream(copy, FileMode.Create);
            source.CopyTo(target);
        }
    }

    public static void Cut(string file, long length) => Change(file, stream => stream.SetLength(length));

    /// <summary>Names and contents of everything below a directory but the locks, to see that nothing was changed.</summary>
    public static IReadOnlyDictionary<string, string> Fingerprint(string directory) =>
        Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)).ToDictionary(
            file => Path.GetRelativePath(directory, file),
            file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    private static void Change(string file, Action<FileStream> change)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        change(stream);
    }
}
