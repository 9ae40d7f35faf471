using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Slots;

/// <summary>What the two slots of a pair hold.</summary>
/// <param name="Generation">Of the newer whole slot; zero if there is none.</param>
/// <param name="Value">Its value; null if there is none.</param>
/// <param name="Damaged">Files that exist and are not whole.</param>
/// <param name="AnyFile">True if at least one of the files exists.</param>
/// <param name="IsSettled">True if both are whole and hold the same: then the one that was written first was synced before the other was begun.</param>
internal sealed record SlotReading(ulong Generation, byte[]? Value, IReadOnlyList<string> Damaged, bool AnyFile, bool IsSettled);

/// <summary>
/// A small value in two files, <c>name.a</c> and <c>name.b</c>, never both in doubt at once.
/// <see cref="WriteDurably"/> writes one, syncs it, and then the other: a crash leaves the old value or the new one, and
/// at rest both hold the newest, so that one damaged slot loses nothing and never brings an old value back.
/// <see cref="WriteLazily"/> alternates and does not sync: a kill loses nothing, a power cut may bring an older value.
/// </summary>
internal sealed class SlotPair : IDisposable
{
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly uint _kind;
    private readonly int _valueBytesMax;
    private readonly UInt128 _owner;
    private readonly IDiskFile?[] _files = new IDiskFile?[2];
    private ulong _generation;
    private int _next;

    private SlotPair(IDisk disk, string path, uint kind, int valueBytesMax, UInt128 owner)
    {
        _disk = disk;
        _path = path;
        _kind = kind;
        _valueBytesMax = valueBytesMax;
        _owner = owner;
    }

    /// <summary>Reads without changing anything.</summary>
    public static SlotReading Read(IDisk disk, string path, uint kind, int valueBytesMax, UInt128 owner = default) =>
        new SlotPair(disk, path, kind, valueBytesMax, owner).Load();

    /// <summary>Opens for writing; a slot that is not whole is the first to be overwritten.</summary>
    public static SlotPair Open(IDisk disk, string path, uint kind, int valueBytesMax, out SlotReading reading, UInt128 owner = default)
    {
        var pair = new SlotPair(disk, path, kind, valueBytesMax, owner);
        reading = pair.Load();
        return pair;
    }

    /// <summary>On return both slots durably hold <paramref name="value"/>.</summary>
    public void WriteDurably(ReadOnlySpan<byte> value)
    {
        WriteNext(value, sync: true);
        _generation--;
        WriteNext(value, sync: true);
    }

    /// <summary>Writes the older slot and does not wait for the disk.</summary>
    public void WriteLazily(ReadOnlySpan<byte> value) => WriteNext(value, sync: false);

    public void Dispose()
    {
        _files[0]?.Dispose();
        _files[1]?.Dispose();
    }

    /// <summary>Makes what both files hold durable, and their names, without writing a byte.</summary>
    public void Sync()
    {
        for (var slot = 0; slot < 2; slot++)
        {
            using var file = _disk.Open(FilePath(slot), writable: true);
            file.SyncData();
        }

        _disk.SyncDirectory(Path.GetDirectoryName(_path)!);
    }

    private string FilePath(int slot) => _path + (slot == 0 ? ".a" : ".b");

    private SlotReading Load()
    {
        byte[]? newest = null;
        var damaged = new List<string>();
        var anyFile = false;
        var alike = 0;
        for (var slot = 0; slot < 2; slot++)
        {
            if (!_disk.FileExists(FilePath(slot)))
            {
                continue;
            }

            anyFile = true;
            using var file = _disk.Open(FilePath(slot), writable: false);
            var bytes = new byte[(int)Math.Min(file.Length, SlotCodec.HeaderBytes + _valueBytesMax)];
            var read = file.Read(0, bytes);
            if (!SlotCodec.TryRead(bytes.AsSpan(0, read), _kind, _owner, out var generation, out var value))
            {
                damaged.Add(FilePath(slot));
            }
            else if (newest is null || generation > _generation)
            {
                alike = newest is not null && newest.AsSpan().SequenceEqual(value) ? 2 : 1;
                newest = value;
                _generation = generation;
                _next = 1 - slot;
            }
            else if (newest.AsSpan().SequenceEqual(value))
            {
                alike = 2;
            }
        }

        return new SlotReading(_generation, newest, damaged, anyFile, IsSettled: alike == 2);
    }

    private void WriteNext(ReadOnlySpan<byte> value, bool sync)
    {
        Invariant.Check(value.Length <= _valueBytesMax, "a slot's value has a limit");
        var bytes = SlotCodec.Write(_kind, _owner, _generation + 1, value);
        if (OpenNext() is { } file)
        {
            file.Write(0, bytes);
            if (sync)
            {
                file.SyncData();
            }
        }
        else
        {
            Create(FilePath(_next), bytes);
        }

        _generation++;
        _next = 1 - _next;
    }

    // Asks for the file's existence once only. A lazy write comes with each flush, and on kernels with fine-grained time
    // stamps a file whose attributes were just asked for gets a new journaled time stamp at its next write, which made the
    // segment's data sync 60 µs slower.
    private IDiskFile? OpenNext() => _files[_next] ??=
        _disk.FileExists(FilePath(_next)) ? _disk.Open(FilePath(_next), writable: true) : null;

    // A slot appears whole or not at all, so that a file that is not whole is a torn update or damage, never a beginning.
    private void Create(string path, byte[] bytes)
    {
        var unfinished = path + ".unfinished";
        if (_disk.FileExists(unfinished))
        {
            _disk.DeleteFile(unfinished);
        }

        using (var file = _disk.Create(unfinished))
        {
            file.Write(0, bytes);
            file.SyncData();
        }

        _disk.Rename(unfinished, path);
        _disk.SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
    }
}
