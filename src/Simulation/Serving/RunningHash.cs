using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Simulation.Serving;

/// <summary>The least that a user of a journal can know of it: a hash of all payloads in order.</summary>
internal sealed class RunningHash : IStateMachine
{
    public UInt128 Hash { get; private set; }

    public UInt128 RecomputeHash() => Hash;

    public void Restore(ReadOnlyMemory<byte> snapshot) => Hash = BinaryPrimitives.ReadUInt128LittleEndian(snapshot.Span);

    public void Apply(in EntryHeader header, ReadOnlySpan<byte> payload) => Apply(payload);

    public void Apply(ReadOnlySpan<byte> payload) =>
        Hash = XxHash128.HashToUInt128(payload, unchecked((long)(ulong)Hash)) + (Hash >> 64);

    public void Write(IBufferWriter<byte> snapshot)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(snapshot.GetSpan(16), Hash);
        snapshot.Advance(16);
    }
}
