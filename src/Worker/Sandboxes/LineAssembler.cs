namespace ControlPlane.Worker.Sandboxes;

/// <summary>What to do with one line; the bytes are valid only during the call.</summary>
internal delegate void LineHandler(ReadOnlySpan<byte> line);

/// <summary>Cuts a byte stream into lines of at most <paramref name="lineBytesMax"/>; a longer one is cut into several.</summary>
internal sealed class LineAssembler(int lineBytesMax)
{
    private byte[]? _partial;
    private int _length;
    private bool _cut;

    /// <summary>Hands over each line that <paramref name="bytes"/> completes, without its line end.</summary>
    public void Append(ReadOnlySpan<byte> bytes, LineHandler onLine)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            var taken = Math.Min(piece.Length, lineBytesMax - _length);
            Keep(piece[..taken]);
            var complete = taken == piece.Length && end >= 0;
            if (complete || _length == lineBytesMax)
            {
                // A line end that follows a cut at once ends that line; it is not an empty one.
                Flush(onLine, evenIfEmpty: complete && !_cut);
                _cut = !complete;
            }

            bytes = bytes[(taken + (complete ? 1 : 0))..];
        }
    }

    /// <summary>Hands over what has no line end yet.</summary>
    public void Flush(LineHandler onLine) => Flush(onLine, evenIfEmpty: false);

    private void Keep(ReadOnlySpan<byte> piece)
    {
        // Most sandboxes are silent: the buffer exists only from the first output on.
        _partial ??= new byte[lineBytesMax];
        piece.CopyTo(_partial.AsSpan(_length));
        _length += piece.Length;
    }

    private void Flush(LineHandler onLine, bool evenIfEmpty)
    {
        if (_length > 0 || evenIfEmpty)
        {
            onLine(_partial.AsSpan(0, _length));
            _length = 0;
        }
    }
}
