using System.Buffers.Binary;
using System.Collections.Immutable;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Replica;

/// <summary>What a replica has promised and must never forget: no writer of an older or of a sealed reign is accepted.</summary>
/// <param name="Promised">The newest reign that it has joined.</param>
/// <param name="Sealed">Reigns in which it accepts nothing more; at most <see cref="SealedMax"/>.</param>
public sealed record Promise(Epoch Promised, ImmutableArray<Epoch> Sealed)
{
    /// <summary>Most sealed epochs kept: older ones are below <see cref="Promised"/> and refused for that reason.</summary>
    public const int SealedMax = 64;

    internal const uint SlotKind = 0x4D4F5250; // "PROM"
    internal const int SlotBytesMax = 12 + (SealedMax * 8);

    /// <summary>Nothing promised yet.</summary>
    public static Promise None { get; } = new(default, []);

    /// <inheritdoc/>
    public bool Equals(Promise? other) => other is not null && Promised == other.Promised && Sealed.SequenceEqual(other.Sealed);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Promised, Sealed.Length);

    // u64 promised epoch, u32 count, count times u64 sealed epoch.
    internal byte[] ToBytes()
    {
        Invariant.Check(Sealed.Length <= SealedMax, "few epochs are sealed and not yet superseded");
        var bytes = new byte[12 + (Sealed.Length * 8)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Promised.Value);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Sealed.Length);
        for (var i = 0; i < Sealed.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(12 + (i * 8)), Sealed[i].Value);
        }

        return bytes;
    }

    internal static Promise FromBytes(ReadOnlySpan<byte> bytes)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var sealedEpochs = ImmutableArray.CreateBuilder<Epoch>(count);
        for (var i = 0; i < count; i++)
        {
            sealedEpochs.Add(new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(12 + (i * 8))..])));
        }

        return new Promise(new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes)), sealedEpochs.MoveToImmutable());
    }
}
