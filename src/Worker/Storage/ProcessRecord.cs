using System.Buffers.Binary;
using ControlPlane.Primitives;

namespace ControlPlane.Worker.Storage;

/// <summary>Names a run of a sandbox's program so that a later agent finds its processes and never an innocent one.</summary>
/// <param name="Run">Random; every process of the run has it in its environment. On disk before the program starts.</param>
/// <param name="Pid">Zero until the program has started.</param>
/// <param name="StartTime">Of the program, in clock ticks since boot.</param>
internal readonly record struct ProcessRecord(UInt128 Run, int Pid, ulong StartTime)
{
    private const int ByteCount = 28;

    public byte[] ToBytes()
    {
        var bytes = new byte[ByteCount];
        Identifier128.Write(Run, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Pid);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(20), StartTime);
        return bytes;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out ProcessRecord record)
    {
        record = default;
        if (bytes.Length != ByteCount || !Identifier128.TryRead(bytes[..16], out var run))
        {
            return false;
        }

        record = new ProcessRecord(run, BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..]));
        return true;
    }
}
