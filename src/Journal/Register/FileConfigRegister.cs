using System.Buffers.Binary;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Slots;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Register;

/// <summary>A version of the config register's value; versions begin at 1.</summary>
public sealed record RegisterValue(ulong Version, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The config register of a journal whose replicas are all on one machine: one value in two slots.
/// Guarantee: a successful <see cref="TryCompareAndSet"/> is durable on return and versions strictly increase; a crash at
/// any point leaves the old value or the new one. One process at a time (its lock), one thread at a time.
/// </summary>
public sealed class FileConfigRegister : IDisposable
{
    /// <summary>Largest value in bytes: room for all the reigns that a journal's configuration may have.</summary>
    public const int ValueBytesMax = 2 << 20;

    private const uint SlotKind = 0x53474552; // "REGS"
    private readonly IDisposable _lock;
    private readonly SlotPair _slots;
    private RegisterValue? _value;

    private FileConfigRegister(IDisposable held, SlotPair slots, RegisterValue? value)
    {
        _lock = held;
        _slots = slots;
        _value = value;
    }

    /// <summary>
    /// Opens <paramref name="path"/><c>.a</c> and <c>.b</c>; where neither file exists the register has never been
    /// written. Refuses if there are files and none is whole: a register never starts anew by accident.
    /// </summary>
    public static FileConfigRegister Open(string path, IDisk disk)
    {
        var held = disk.TryLock(path + ".lock")
            ?? throw new JournalRefusedException(RefusalReason.Locked, $"another process holds {path}.lock");
        try
        {
            var slots = SlotPair.Open(disk, path, SlotKind, sizeof(ulong) + ValueBytesMax, out var reading);
            var value = ValueIn(path, reading);
            if (value is not null && !reading.IsSettled)
            {
                // Both slots, at the same version: a process that was killed may have left the newest in one only, or not synced, and a damaged
                // one must not wait for a second damage. Nothing is written where nothing is to be mended: the start may yet be refused.
                slots.WriteDurably(Encode(value.Version, value.Bytes.Span));
            }
            else if (value is not null)
            {
                slots.Sync();
            }

            return new FileConfigRegister(held, slots, value);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Reads the value without the lock, for the inspector.</summary>
    public static RegisterValue? Peek(string path, IDisk disk) =>
        ValueIn(path, SlotPair.Read(disk, path, SlotKind, sizeof(ulong) + ValueBytesMax));

    /// <summary>Slot files that exist and are not whole, for the inspector.</summary>
    public static IReadOnlyList<string> DamagedSlots(string path, IDisk disk) =>
        SlotPair.Read(disk, path, SlotKind, sizeof(ulong) + ValueBytesMax).Damaged;

    /// <summary>The value, or null if the register has never been written.</summary>
    public RegisterValue? Read() => _value;

    /// <summary>
    /// Replaces the value if its version is <paramref name="expectedVersion"/> (0: never written); the new version is
    /// one more. False, without effect, if it is not. After a <see cref="StorageFaultException"/> the register is unknown
    /// until it is opened again.
    /// </summary>
    public bool TryCompareAndSet(ulong expectedVersion, ReadOnlySpan<byte> value)
    {
        Invariant.Check(value.Length <= ValueBytesMax, "a register's value has a limit");
        if ((_value?.Version ?? 0) != expectedVersion)
        {
            return false;
        }

        var version = checked(expectedVersion + 1);
        _slots.WriteDurably(Encode(version, value));
        _value = new RegisterValue(version, value.ToArray());
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots.Dispose();
        _lock.Dispose();
    }

    // u64 version, then the caller's bytes. The slot's own generation counts writes, which repairs are too.
    private static byte[] Encode(ulong version, ReadOnlySpan<byte> value)
    {
        var bytes = new byte[sizeof(ulong) + value.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, version);
        value.CopyTo(bytes.AsSpan(sizeof(ulong)));
        return bytes;
    }

    private static RegisterValue? ValueIn(string path, SlotReading reading)
    {
        if (reading.Value is { } bytes)
        {
            return new RegisterValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes), bytes.AsMemory(sizeof(ulong)));
        }

        return reading.AnyFile
            ? throw new JournalRefusedException(RefusalReason.DamagedSlots, $"no slot of the register {path} is whole at byte 0: {string.Join(", ", reading.Damaged)}")
            : null;
    }
}
