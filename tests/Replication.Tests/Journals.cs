using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;

namespace ControlPlane.Replication.Tests;

/// <summary>Fixed names, and a sink that keeps what was written.</summary>
internal static class Journals
{
    public static readonly JournalId Id = new(0x0A);
    public static readonly ReplicaId One = new(1);
    public static readonly ReplicaId Two = new(2);
    public static readonly ReplicaId Three = new(3);
    public static readonly ClientId Client = new(0xC);

    public static EpochRecord FirstEpoch(params ReplicaId[] replicas) =>
        new(new Epoch(1), SequenceNumber.First, ChainHash.Genesis(Id), replicas[0], replicas);

    public static Sequencer NewSequencer(params ReplicaId[] replicas) => new(Id, FirstEpoch(replicas), new JournalState());

    public static AppendRequest Append(params byte[][] payloads) => new() { Payloads = [.. payloads.Select(p => (ReadOnlyMemory<byte>)p)] };

    public static AppendRequest Retryable(ulong sequence, params byte[][] payloads) =>
        Append(payloads) with { Client = Client, ClientSequence = new ClientSequence(sequence) };
}

internal sealed class WrittenEntries : IEntrySink
{
    public List<byte[]> Encoded { get; } = [];

    public List<EntryHeader> Headers { get; } = [];

    public void Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry)
    {
        Headers.Add(header);
        Encoded.Add(encodedEntry.ToArray());
    }

    /// <summary>What a new writer would know of them.</summary>
    public JournalState Replay()
    {
        var state = new JournalState();
        foreach (var encoded in Encoded)
        {
            Assert.True(EntryCodec.TryRead(encoded, out var header, out var payload, out _));
            state.Apply(header, payload);
        }

        return state;
    }
}
