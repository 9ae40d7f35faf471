using ControlPlane.WorkerManager.Entries;
using Google.Protobuf;

namespace ControlPlane.Runtime.Partitions;

/// <summary>Turns a step's entries into payloads without allocating in steady state. The payloads are valid until the next call.</summary>
internal sealed class EntryArena
{
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private byte[] _bytes = new byte[4096];

    public IReadOnlyList<ReadOnlyMemory<byte>> Encode(List<Entry> entries)
    {
        var size = 0;
        foreach (var entry in entries)
        {
            size += entry.CalculateSize();
        }

        if (size > _bytes.Length)
        {
            _bytes = new byte[Math.Max(size, 2 * _bytes.Length)];
        }

        _payloads.Clear();
        var offset = 0;
        foreach (var entry in entries)
        {
            var length = entry.CalculateSize();
            entry.WriteTo(_bytes.AsSpan(offset, length));
            _payloads.Add(_bytes.AsMemory(offset, length));
            offset += length;
        }

        return _payloads;
    }
}
