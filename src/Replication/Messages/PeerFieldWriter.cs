using System.Buffers.Binary;
using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>
/// Writes a message's fields one behind the other, little-endian; or only counts their bytes, so that a message's length and its
/// bytes come from the same lines and cannot disagree.
/// </summary>
internal ref struct PeerFieldWriter
{
    private readonly Span<byte> _destination;
    private readonly bool _counts;

    private PeerFieldWriter(Span<byte> destination, bool counts)
    {
        _destination = destination;
        _counts = counts;
    }

    /// <summary>Bytes written, or counted, so far.</summary>
    public int Position { get; private set; }

    /// <summary>Writes nowhere.</summary>
    public static PeerFieldWriter Counting() => new([], counts: true);

    /// <summary>Writes to <paramref name="destination"/>, which is as long as was counted.</summary>
    public static PeerFieldWriter To(Span<byte> destination) => new(destination, counts: false);

    public void Byte(byte value)
    {
        if (!_counts)
        {
            _destination[Position] = value;
        }

        Position++;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value)
    {
        if (!_counts)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_destination[Position..], value);
        }

        Position += sizeof(uint);
    }

    public void UInt64(ulong value)
    {
        if (!_counts)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_destination[Position..], value);
        }

        Position += sizeof(ulong);
    }

    public void UInt128(UInt128 value)
    {
        if (!_counts)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(_destination[Position..], value);
        }

        Position += Identifier128.ByteCount;
    }

    public void Epoch(Epoch epoch) => UInt64(epoch.Value);

    public void Sequence(SequenceNumber sequence) => UInt64(sequence.Value);

    public void Hash(ChainHash hash) => UInt128(hash.Value);

    public void Ballot(Ballot ballot)
    {
        UInt64(ballot.Counter);
        UInt128(ballot.Proposer.Value);
    }

    public void Replicas(IReadOnlyList<ReplicaId> replicas)
    {
        Invariant.Check(replicas.Count <= PeerLimits.ReplicasMax, "a journal's replicas are few");
        UInt32((uint)replicas.Count);
        for (var i = 0; i < replicas.Count; i++)
        {
            UInt128(replicas[i].Value);
        }
    }

    public void ClosedReigns(IReadOnlyList<ClosedReign> reigns)
    {
        Invariant.Check(reigns.Count <= PeerLimits.ClosedReignsMax, "a register forgets old reigns");
        UInt32((uint)reigns.Count);
        for (var i = 0; i < reigns.Count; i++)
        {
            Epoch(reigns[i].Epoch);
            Sequence(reigns[i].Start);
            Sequence(reigns[i].Tail);
        }
    }

    public void Register(RegisterState state)
    {
        Replicas(state.Acceptors);
        UInt64(state.Version);
        Bytes(state.Value, PeerLimits.RegisterValueBytesMax);
    }

    public void Bytes(ReadOnlyMemory<byte> bytes, int bytesMax)
    {
        Invariant.Check(bytes.Length <= bytesMax, "what is sent is cut to the size that is allowed");
        UInt32((uint)bytes.Length);
        if (!_counts)
        {
            bytes.Span.CopyTo(_destination[Position..]);
        }

        Position += bytes.Length;
    }
}
