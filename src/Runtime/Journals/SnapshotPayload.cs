using System.Buffers;
using System.Buffers.Binary;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Replication.Appending;

namespace ControlPlane.Runtime.Journals;

/// <summary>A snapshot's payload: u32 length of the journal's part, little-endian; the journal's part; the user's part to the end.</summary>
internal static class SnapshotPayload
{
    public static void WriteJournalState(JournalState state, Stream destination)
    {
        var part = new ArrayBufferWriter<byte>();
        state.Write(part);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.WrittenCount);
        destination.Write(length);
        destination.Write(part.WrittenSpan);
    }

    public static JournalState ReadJournalState(Stream source)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        source.ReadExactly(length);
        var part = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        source.ReadExactly(part);
        return JournalState.Read(part, out _);
    }
}

/// <summary>A snapshot's payload as a stream for reading, without buffering of its own.</summary>
internal sealed class SnapshotStream(SnapshotReader reader) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => reader.Read(buffer);

    public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A snapshot being written, as a stream: gathers small writes into large ones.</summary>
internal sealed class SnapshotWriteStream(SnapshotWriter writer) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => writer.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => writer.Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
