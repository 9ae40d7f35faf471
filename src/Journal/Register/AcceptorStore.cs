using System.Buffers.Binary;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Slots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Journal.Register;

/// <summary>
/// What an acceptor of the <c>quorum</c> register remembers, in two slots of its replica's directory. Guarantee: what
/// <see cref="Store"/> was given is durable on return; a crash at any point leaves the old state or the new one; one damaged slot loses
/// nothing. An acceptor whose slots are both damaged, or gone, has lost its memory: opening refuses, it never begins anew.
/// The replica's lock is held by whoever opens; one thread at a time.
/// </summary>
/// <remarks>
/// Value of a slot, little-endian: u64 promised counter · u128 promised proposer · u64 accepted counter · u128 accepted proposer ·
/// u32 number of acceptors (0: fresh, nothing follows) · u128 each acceptor · u64 version · the value's bytes.
/// </remarks>
public sealed class AcceptorStore : IDisposable
{
    private const uint SlotKind = 0x50434341; // "ACCP"
    private const int BallotBytes = sizeof(ulong) + Identifier128.ByteCount;
    private const int HeaderBytes = (2 * BallotBytes) + sizeof(uint);
    private const int SlotBytesMax = HeaderBytes + (AcceptorSet.AcceptorsMax * Identifier128.ByteCount) + sizeof(ulong) + PeerLimits.RegisterValueBytesMax;

    private readonly SlotPair _slots;

    private AcceptorStore(SlotPair slots, AcceptorState state)
    {
        _slots = slots;
        State = state;
    }

    /// <summary>What is durable.</summary>
    public AcceptorState State { get; private set; }

    /// <summary>
    /// Makes the slots <paramref name="path"/><c>.a</c> and <c>.b</c> of a fresh acceptor: part of making a replica's directory, before it
    /// is complete, and never afterwards.
    /// </summary>
    /// <param name="path">Without the ending.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="owner">What the slots are bound to (<see cref="Replica.ReplicaIdentity.SlotOwner"/>); the same for every other call.</param>
    public static void Create(string path, IDisk disk, UInt128 owner = default)
    {
        using var slots = SlotPair.Open(disk, path, SlotKind, SlotBytesMax, out var reading, owner);
        Invariant.Check(reading.Value is null || Decode(reading.Value) == AcceptorState.Fresh, "an acceptor that remembers something is not made anew");
        slots.WriteDurably(Encode(AcceptorState.Fresh));
    }

    /// <summary>Opens the slots that <see cref="Create"/> made.</summary>
    /// <exception cref="JournalRefusedException">No slot is whole: the acceptor has lost its memory and must not answer.</exception>
    public static AcceptorStore Open(string path, IDisk disk, UInt128 owner = default)
    {
        var slots = SlotPair.Open(disk, path, SlotKind, SlotBytesMax, out var reading, owner);
        try
        {
            var state = StateIn(path, reading);

            // Both slots get the newest state, whether one was damaged or a crash came between the two writes: a later damage to the
            // newer one must not bring back an older promise.
            slots.WriteDurably(Encode(state));
            return new AcceptorStore(slots, state);
        }
        catch
        {
            slots.Dispose();
            throw;
        }
    }

    /// <summary>Reads without changing anything, for the inspector. Null if there are no slots.</summary>
    /// <exception cref="JournalRefusedException">There are slots and none is whole.</exception>
    public static AcceptorState? Peek(string path, IDisk disk, UInt128 owner = default)
    {
        var reading = SlotPair.Read(disk, path, SlotKind, SlotBytesMax, owner);
        return reading.AnyFile ? StateIn(path, reading) : null;
    }

    /// <summary>True if no slot is whole, whether there are files or not.</summary>
    public static bool IsLost(string path, IDisk disk, UInt128 owner = default) => SlotPair.Read(disk, path, SlotKind, SlotBytesMax, owner).Value is null;

    /// <summary>Slot files that exist and are not whole, for the inspector.</summary>
    public static IReadOnlyList<string> DamagedSlots(string path, IDisk disk, UInt128 owner = default) =>
        SlotPair.Read(disk, path, SlotKind, SlotBytesMax, owner).Damaged;

    /// <summary>Makes <paramref name="state"/> durable. After a <see cref="StorageFaultException"/> it is unknown until it is opened again.</summary>
    public void Store(AcceptorState state)
    {
        _slots.WriteDurably(Encode(state));
        State = state;
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private static AcceptorState StateIn(string path, SlotReading reading) => reading.Value is { } bytes
        ? Decode(bytes)
        : throw new JournalRefusedException(
            RefusalReason.DamagedSlots,
            $"no slot of the acceptor {path} is whole at byte 0: {(reading.AnyFile ? string.Join(", ", reading.Damaged) : "both are missing")}; it may have promised what it no longer knows");

    private static byte[] Encode(AcceptorState state)
    {
        var acceptors = state.State?.Acceptors ?? [];
        var value = state.State?.Value ?? default;
        var bytes = new byte[HeaderBytes + (acceptors.Count == 0 ? 0 : (acceptors.Count * Identifier128.ByteCount) + sizeof(ulong) + value.Length)];
        Write(state.Promised, bytes);
        Write(state.AcceptedAt, bytes.AsSpan(BallotBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(2 * BallotBytes), (uint)acceptors.Count);
        if (state.State is { } held)
        {
            var rest = bytes.AsSpan(HeaderBytes);
            foreach (var acceptor in acceptors)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(rest, acceptor.Value);
                rest = rest[Identifier128.ByteCount..];
            }

            BinaryPrimitives.WriteUInt64LittleEndian(rest, held.Version);
            value.Span.CopyTo(rest[sizeof(ulong)..]);
        }

        return bytes;
    }

    private static AcceptorState Decode(byte[] bytes)
    {
        var promised = ReadBallot(bytes);
        var acceptedAt = ReadBallot(bytes.AsSpan(BallotBytes));
        var count = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(2 * BallotBytes));
        if (count == 0)
        {
            return new AcceptorState(promised, acceptedAt, null);
        }

        var rest = bytes.AsMemory(HeaderBytes);
        var acceptors = new ReplicaId[count];
        for (var i = 0; i < count; i++)
        {
            acceptors[i] = new ReplicaId(BinaryPrimitives.ReadUInt128LittleEndian(rest.Span));
            rest = rest[Identifier128.ByteCount..];
        }

        var version = BinaryPrimitives.ReadUInt64LittleEndian(rest.Span);
        return new AcceptorState(promised, acceptedAt, new RegisterState(acceptors, version, rest[sizeof(ulong)..]));
    }

    private static void Write(Ballot ballot, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, ballot.Counter);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[sizeof(ulong)..], ballot.Proposer.Value);
    }

    private static Ballot ReadBallot(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        new ReplicaId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[sizeof(ulong)..])));
}
