using System.Buffers;

namespace ControlPlane.Runtime.Peers;

/// <summary>Frames that wait to be written, in one piece of pooled memory. Not for two threads at a time.</summary>
internal sealed class FrameBuffer
{
    /// <summary>A buffer that has grown beyond this is given back when it is empty: bursts do not stay in memory.</summary>
    private const int KeptBytesMax = 256 * 1024;

    private const int FirstBytes = 4 * 1024;

    private byte[] _memory = [];
    private int _length;

    public ReadOnlyMemory<byte> Written => _memory.AsMemory(0, _length);

    /// <summary>Makes room for <paramref name="bytes"/> more; the caller fills them.</summary>
    public Span<byte> Grow(int bytes)
    {
        if (_memory.Length - _length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstBytes, 2 * _memory.Length), _length + bytes));
            Written.Span.CopyTo(larger);
            Return();
            _memory = larger;
        }

        _length += bytes;
        return _memory.AsSpan(_length - bytes, bytes);
    }

    public void Clear()
    {
        _length = 0;
        if (_memory.Length > KeptBytesMax)
        {
            Release();
        }
    }

    public void Release()
    {
        Return();
        _memory = [];
        _length = 0;
    }

    private void Return()
    {
        if (_memory.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_memory);
        }
    }
}
