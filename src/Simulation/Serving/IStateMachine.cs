using System.Buffers;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Simulation.Serving;

/// <summary>A function of the journal: what a replay, a follower and a snapshot rebuild.</summary>
internal interface IStateMachine
{
    /// <summary>Everything, in one number.</summary>
    UInt128 Hash { get; }

    /// <summary>The same, computed from all of it.</summary>
    UInt128 RecomputeHash();

    void Restore(ReadOnlyMemory<byte> snapshot);

    void Apply(in EntryHeader header, ReadOnlySpan<byte> payload);

    void Write(IBufferWriter<byte> snapshot);
}
