using System.Buffers;
using ControlPlane.Journal.Snapshots;

namespace ControlPlane.Runtime.Journals;

/// <summary>Gathers small writes into the large pieces that a snapshot file wants. Call <see cref="Flush"/> at the end.</summary>
internal sealed class SnapshotBuffer(SnapshotWriter writer) : IBufferWriter<byte>
{
    private const int PieceBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _piece = new(PieceBytes);

    public long BytesWritten { get; private set; }

    public void Advance(int count)
    {
        _piece.Advance(count);
        if (_piece.WrittenCount >= PieceBytes)
        {
            Flush();
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _piece.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _piece.GetSpan(sizeHint);

    public void Flush()
    {
        if (_piece.WrittenCount > 0)
        {
            writer.Write(_piece.WrittenSpan);
            BytesWritten += _piece.WrittenCount;
            _piece.ResetWrittenCount();
        }
    }
}
