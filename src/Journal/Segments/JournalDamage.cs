using System.Globalization;
using System.Text;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>What is wrong where a scan stopped.</summary>
public enum JournalDamageKind
{
    /// <summary>A device file is missing while a later one exists.</summary>
    MissingFile,

    /// <summary>A device file ends before its entries do.</summary>
    ShortFile,

    /// <summary>Zeros where an entry must be: entries follow that do not link to the one before.</summary>
    Hole,

    /// <summary>A frame's length is impossible, or is not that of the entry inside.</summary>
    BadFrame,

    /// <summary>The bytes are not a whole entry.</summary>
    BadEntry,

    /// <summary>A whole entry of a format that this program does not know.</summary>
    NewerFormat,

    /// <summary>A whole entry of another journal.</summary>
    WrongJournal,

    /// <summary>A whole entry of a reign that cannot be in this segment.</summary>
    WrongEpoch,

    /// <summary>A whole entry, but not the next one.</summary>
    WrongSequence,

    /// <summary>A whole entry at the right position that does not name the hash of the one before.</summary>
    BrokenChain,
}

/// <summary>How the bytes look from the place where a scan stopped.</summary>
public enum StopShape
{
    /// <summary>Zeros up to the end of the segment: nothing was ever written there, as far as the bytes tell.</summary>
    CleanZeros,

    /// <summary>Whole sectors are zero where an entry lies: what a write leaves that was interrupted.</summary>
    TornSectors,

    /// <summary>Anything else that is not an entry. No interrupted write leaves it.</summary>
    Garbage,

    /// <summary>A file is missing or ends too early. No interrupted write leaves it, because files grow ahead of use.</summary>
    MissingBytes,
}

/// <summary>Where a whole entry lies.</summary>
public sealed record EntryLocation(SequenceNumber Sequence, string File, long Offset);

/// <summary>Damage as a value: enough for a person to find the bytes, and for recovery to decide.</summary>
public sealed record JournalDamage
{
    /// <summary>The device file.</summary>
    public required string File { get; init; }

    /// <summary>Byte position of the frame in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>What is wrong.</summary>
    public required JournalDamageKind Kind { get; init; }

    /// <summary>Why the bytes are not an entry, when <see cref="Kind"/> says so.</summary>
    public EntryDamage Detail { get; init; }

    /// <summary>The position that belongs here.</summary>
    public required SequenceNumber Expected { get; init; }

    /// <summary>The position found here, when a header could be decoded. Do not trust it.</summary>
    public SequenceNumber? Found { get; init; }

    /// <summary>The checksum in the header, when it does not fit.</summary>
    public uint? StoredChecksum { get; init; }

    /// <summary>The checksum of the bytes, when it does not fit.</summary>
    public uint? ComputedChecksum { get; init; }

    /// <summary>The first whole entry of this journal behind the damage.</summary>
    public EntryLocation? NextGood { get; init; }

    /// <summary>One line: what, where, expected and found.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Kind} in {File} at byte {Offset}: expected entry {Expected}");
        if (Kind == JournalDamageKind.BadEntry)
        {
            text.Append(CultureInfo.InvariantCulture, $", the bytes are not an entry ({Detail})");
        }

        if (Found is { } found)
        {
            text.Append(CultureInfo.InvariantCulture, $", found {found}");
        }

        if (StoredChecksum is { } stored)
        {
            text.Append(CultureInfo.InvariantCulture, $", checksum stored {stored:x8}, computed {ComputedChecksum:x8}");
        }

        return (NextGood is { } next
            ? text.Append(CultureInfo.InvariantCulture, $"; next whole entry {next.Sequence} in {next.File} at byte {next.Offset}")
            : text.Append("; no whole entry follows")).ToString();
    }
}
