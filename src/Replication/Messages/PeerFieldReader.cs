using System.Buffers.Binary;
using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>
/// Reads what <see cref="PeerFieldWriter"/> wrote. The first thing that is wrong is kept in <see cref="Error"/>; from then on every
/// field reads as its default, so that a message's reader has no branches.
/// </summary>
internal ref struct PeerFieldReader(ReadOnlyMemory<byte> source)
{
    private readonly ReadOnlyMemory<byte> _source = source;
    private readonly ReadOnlySpan<byte> _span = source.Span;
    private int _position;

    /// <summary>What is wrong, as a sentence; null if nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>Nothing may be left behind the last field.</summary>
    public void End()
    {
        if (_position != _span.Length)
        {
            Fail($"{_span.Length - _position} bytes too many");
        }
    }

    public byte Byte(string field) => Take(1, field) is [var value] ? value : default;

    public bool Flag(string field)
    {
        var value = Byte(field);
        if (value > 1)
        {
            Fail($"{field} is {value}, neither 0 nor 1");
        }

        return value == 1;
    }

    public uint UInt32(string field) =>
        Take(sizeof(uint), field) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : default;

    public ulong UInt64(string field) =>
        Take(sizeof(ulong), field) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : default;

    public UInt128 UInt128(string field) =>
        Take(Identifier128.ByteCount, field) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt128LittleEndian(bytes) : default;

    public Epoch Epoch(string field = "epoch") => new(UInt64(field));

    public SequenceNumber Sequence(string field) => new(UInt64(field));

    public ChainHash Hash(string field) => new(UInt128(field));

    public ReplicaId Replica(string field) => new(UInt128(field));

    public Ballot Ballot(string field = "ballot") => new(UInt64(field), Replica(field));

    public PeerRefusal Refusal()
    {
        var value = Byte("reason");
        if (value is < (byte)PeerRefusal.Overtaken or > (byte)PeerRefusal.SteppedDown)
        {
            Fail($"reason {value} is unknown");
        }

        return (PeerRefusal)value;
    }

    public ReplicaId[] Replicas(string field)
    {
        var replicas = new ReplicaId[Count(PeerLimits.ReplicasMax, Identifier128.ByteCount, field)];
        for (var i = 0; i < replicas.Length; i++)
        {
            replicas[i] = Replica(field);
        }

        return replicas;
    }

    public ClosedReign[] ClosedReigns()
    {
        const string Field = "closed reigns";
        var reigns = new ClosedReign[Count(PeerLimits.ClosedReignsMax, 3 * sizeof(ulong), Field)];
        for (var i = 0; i < reigns.Length; i++)
        {
            reigns[i] = new ClosedReign(Epoch(Field), Sequence(Field), Sequence(Field));
        }

        return reigns;
    }

    public RegisterState Register() =>
        new(Replicas("acceptors"), UInt64("version"), Bytes(PeerLimits.RegisterValueBytesMax, "value"));

    /// <summary>A slice of the source, not a copy.</summary>
    public ReadOnlyMemory<byte> Bytes(int bytesMax, string field)
    {
        var length = Count(bytesMax, 1, field);
        _position += length;
        return _source.Slice(_position - length, length);
    }

    /// <summary>A list's length, which the rest of the message can hold: nothing is allocated on a liar's word.</summary>
    private int Count(int countMax, int elementBytes, string field)
    {
        var count = UInt32(field);
        if (count > countMax)
        {
            Fail($"{field} count {count}, more than {countMax}");
            return 0;
        }

        if (Error is null && (int)count * elementBytes > _span.Length - _position)
        {
            Fail($"cut off in {field}");
            return 0;
        }

        return Error is null ? (int)count : 0;
    }

    private ReadOnlySpan<byte> Take(int length, string field)
    {
        if (Error is not null || length > _span.Length - _position)
        {
            Fail($"cut off in {field}");
            return [];
        }

        _position += length;
        return _span.Slice(_position - length, length);
    }

    private void Fail(string error) => Error ??= error;
}
