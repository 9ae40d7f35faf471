using System.Buffers.Binary;
using System.IO.Hashing;

namespace ControlPlane.CrashExplorer.Images;

/// <summary>
/// The bytes of a file; immutable. Pages that were not changed are shared with the content that it was made from, and pages of zeros are not
/// there at all, so that thousands of images of one journal cost little more than one. Threads may share it.
/// </summary>
internal sealed class FileContent
{
    private const int PageBytes = 4096;
    private readonly Page?[] _pages;
    private UInt128? _hash;

    private FileContent(long length, Page?[] pages)
    {
        Length = length;
        _pages = pages;
    }

    public static FileContent Empty { get; } = new(0, []);

    public long Length { get; }

    /// <summary>Equal for equal bytes, and in practice only then.</summary>
    public UInt128 Hash => _hash ??= ComputeHash();

    public static FileContent Of(ReadOnlySpan<byte> bytes) => Empty.With(0, bytes);

    public FileContent With(long offset, ReadOnlySpan<byte> bytes)
    {
        var changed = CopyOfPages(Math.Max(Length, offset + bytes.Length), out var length);
        for (var done = 0; done < bytes.Length;)
        {
            var at = offset + done;
            var inPage = (int)(at % PageBytes);
            var count = Math.Min(PageBytes - inPage, bytes.Length - done);
            var index = (int)(at / PageBytes);
            changed[index] = Page.With(changed[index], inPage, bytes.Slice(done, count));
            done += count;
        }

        return new FileContent(length, changed);
    }

    public FileContent WithZeros(long offset, long length)
    {
        Span<byte> zeros = stackalloc byte[PageBytes];
        zeros.Clear();
        var changed = CopyOfPages(Math.Max(Length, offset + length), out var newLength);
        for (var at = offset; at < offset + length;)
        {
            var inPage = (int)(at % PageBytes);
            var count = (int)Math.Min(PageBytes - inPage, offset + length - at);
            var index = (int)(at / PageBytes);
            changed[index] = changed[index] is null || count == PageBytes ? null : Page.With(changed[index], inPage, zeros[..count]);
            at += count;
        }

        return new FileContent(newLength, changed);
    }

    /// <summary>Cut, or lengthened by zeros.</summary>
    public FileContent Resized(long length)
    {
        if (length >= Length)
        {
            return new FileContent(length, CopyOfPages(length, out _));
        }

        var kept = _pages.AsSpan(0, PagesOf(length)).ToArray();
        var inLast = (int)(length % PageBytes);
        if (inLast != 0)
        {
            Span<byte> zeros = stackalloc byte[PageBytes];
            zeros.Clear();
            kept[^1] = Page.With(kept[^1], inLast, zeros[inLast..]);
        }

        return new FileContent(length, kept);
    }

    public int Read(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Max(0, Math.Min(buffer.Length, Length - offset));
        for (var done = 0; done < count;)
        {
            var at = offset + done;
            var inPage = (int)(at % PageBytes);
            var part = buffer.Slice(done, Math.Min(PageBytes - inPage, count - done));
            if (_pages[at / PageBytes] is { } page)
            {
                page.Bytes.AsSpan(inPage, part.Length).CopyTo(part);
            }
            else
            {
                part.Clear();
            }

            done += part.Length;
        }

        return count;
    }

    public byte[] ToArray() => ToArray(0, (int)Length);

    public byte[] ToArray(long offset, int length)
    {
        var bytes = new byte[(int)Math.Max(0, Math.Min(length, Length - offset))];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Behind the last byte that is not zero, rounded up to a page.</summary>
    public long UsedBytes()
    {
        var last = Array.FindLastIndex(_pages, page => page is not null);
        return Math.Min(Length, (last + 1L) * PageBytes);
    }

    private static int PagesOf(long length) => (int)((length + PageBytes - 1) / PageBytes);

    private Page?[] CopyOfPages(long atLeast, out long length)
    {
        length = Math.Max(Length, atLeast);
        var pages = new Page?[PagesOf(length)];
        _pages.CopyTo(pages, 0);
        return pages;
    }

    private UInt128 ComputeHash()
    {
        var hash = new XxHash128();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Length);
        hash.Append(bytes[..8]);
        for (var i = 0; i < _pages.Length; i++)
        {
            if (_pages[i] is { } page)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, i);
                hash.Append(bytes[..4]);
                BinaryPrimitives.WriteUInt128LittleEndian(bytes, page.Hash);
                hash.Append(bytes);
            }
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private sealed class Page
    {
        public byte[] Bytes { get; } = new byte[PageBytes];

        public UInt128 Hash { get; private set; }

        /// <summary>Null if nothing but zeros would be in it.</summary>
        public static Page? With(Page? page, int offset, ReadOnlySpan<byte> bytes)
        {
            var changed = new Page();
            page?.Bytes.CopyTo(changed.Bytes, 0);
            bytes.CopyTo(changed.Bytes.AsSpan(offset));
            if (!changed.Bytes.AsSpan().ContainsAnyExcept((byte)0))
            {
                return null;
            }

            changed.Hash = XxHash128.HashToUInt128(changed.Bytes);
            return changed;
        }
    }
}
