using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ControlPlane.Primitives;

/// <summary>
/// Which partition a function belongs to. Guarantee: the same name and the same number of partitions give the same one at every node, in every
/// version, for ever, because leases and their journals stay where they are.
/// </summary>
/// <remarks>
/// Names are hashed to a fixed number of slots, and each partition has a range of them: to double the number of partitions divides each range in two,
/// and moves no function between others. The slot is the first two bytes of the name's SHA-256 (big-endian) modulo <see cref="SlotCount"/>: a hash that a
/// client in any language has at hand.
/// </remarks>
public sealed class PartitionMap
{
    /// <summary>What names are hashed to.</summary>
    public const int SlotCount = 4_096;

    /// <summary>Most partitions of a plane: each is a journal with files and a sync of its own at each node.</summary>
    public const int CountMax = 64;

    /// <param name="count">1 to <see cref="CountMax"/>.</param>
    public PartitionMap(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        Count = count;
    }

    /// <summary>How many there are, numbered from 0.</summary>
    public int Count { get; }

    /// <summary>All of them, in order.</summary>
    public IEnumerable<PartitionId> All => Enumerable.Range(0, Count).Select(number => new PartitionId((uint)number));

    /// <summary>The function's.</summary>
    public PartitionId Of(FunctionName function) => Count == 1 ? default : new PartitionId((uint)(SlotOf(function.Value) * Count / SlotCount));

    private static int SlotOf(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt16BigEndian(hash) % SlotCount;
    }
}
