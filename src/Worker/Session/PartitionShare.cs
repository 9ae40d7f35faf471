using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Primitives;

namespace ControlPlane.Worker.Session;

/// <summary>
/// What of a worker's capacity a partition of the plane may use. The partitions do not know of each other, so the shares are disjoint: they are even, and what
/// does not divide evenly goes to partitions that the worker's name chooses, so that a fleet of small workers serves all of them.
/// </summary>
internal readonly record struct PartitionShare(PartitionId Partition, int Count, int Sandboxes, int MemoryMib)
{
    /// <summary>True if there is anything to offer; without, the worker has no session with the partition.</summary>
    public bool IsUsable => Sandboxes > 0 && MemoryMib > 0;

    /// <summary>The shares of all partitions, in their order.</summary>
    public static IReadOnlyList<PartitionShare> Divide(WorkerAgentOptions options, int count)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(options.Name));
        var first = (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)count);
        return [.. Enumerable.Range(0, count).Select(partition =>
        {
            var turn = (partition - first + count) % count;
            return new PartitionShare(new PartitionId((uint)partition), count, Part(options.CapacitySandboxes, count, turn), Part(options.CapacityMemoryMib, count, turn));
        })];
    }

    private static int Part(int capacity, int count, int turn) => (capacity / count) + (turn < capacity % count ? 1 : 0);
}
