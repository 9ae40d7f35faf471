using System.Buffers.Binary;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests;

/// <summary>Snapshots of no particular state.</summary>
internal static class TestSnapshots
{
    public static void Publish(ReplicaStore store, JournalEnd end)
    {
        using var writer = store.Snapshots.Begin(end, stateHash: 7);
        writer.Write([1, 2, 3]);
        writer.Complete().Dispose();
        writer.Publish();
    }

    /// <summary>As a newer program might write it: another version, and a checksum that fits.</summary>
    public static void MakeNewer(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[4]++;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(124), Crc32C.Compute(bytes.AsSpan(0, 124)));
        File.WriteAllBytes(file, bytes);
    }
}
