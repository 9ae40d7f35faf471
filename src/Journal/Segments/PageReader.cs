using System.Buffers;
using ControlPlane.Journal.Disk;

namespace ControlPlane.Journal.Segments;

/// <summary>Reads a segment's device files page by page into one buffer. Opens them read-only, one at a time.</summary>
internal sealed class PageReader(IDisk disk, string directory, long deviceFileBytes) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SegmentLayout.PageBytes);
    private readonly int _pagesPerFile = (int)(deviceFileBytes / SegmentLayout.PageBytes);
    private IDiskFile? _file;
    private int _fileIndex = -1;

    /// <summary>The page last read, up to the end of its file.</summary>
    public ReadOnlySpan<byte> Page => _buffer.AsSpan(0, PageLength);

    /// <summary>Bytes of <see cref="Page"/>; less than a page at the end of a file that is not full.</summary>
    public int PageLength { get; private set; }

    /// <summary>Number of the file that holds <paramref name="page"/>.</summary>
    public int FileIndexOf(long page) => (int)(page / _pagesPerFile);

    public string FilePath(int index) => Path.Combine(directory, SegmentLayout.FileName(index));

    /// <summary>The file and the byte position in it of <paramref name="address"/>.</summary>
    public (string File, long Offset) Locate(long address) =>
        (FilePath((int)(address / deviceFileBytes)), address % deviceFileBytes);

    /// <summary>Numbers of the device files that exist, ascending. Asked anew: a writer may be adding files.</summary>
    public IReadOnlyList<int> ListFiles() =>
        [.. disk.List(directory).Select(name => SegmentLayout.TryParseFileName(name, out var index) ? index : -1).Where(index => index >= 0).Order()];

    /// <summary>Reads a page; false if its file does not exist.</summary>
    public bool TryRead(long page)
    {
        var index = FileIndexOf(page);
        if (index != _fileIndex)
        {
            _file?.Dispose();
            _file = null;
            _fileIndex = -1;
            if (!disk.FileExists(FilePath(index)))
            {
                PageLength = 0;
                return false;
            }

            _file = disk.Open(FilePath(index), writable: false);
            _fileIndex = index;
        }

        PageLength = _file!.Read(page % _pagesPerFile * SegmentLayout.PageBytes, _buffer.AsSpan(0, SegmentLayout.PageBytes));
        return true;
    }

    public void Dispose()
    {
        _file?.Dispose();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
