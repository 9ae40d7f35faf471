using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>Where a scan begins and ends.</summary>
public readonly record struct ScanRange
{
    /// <summary>Where the first frame lies; by default the segment's first.</summary>
    public long FromAddress { get; init; }

    /// <summary>
    /// The entry that the first one must follow. Null: the first entry found is trusted to be the right one (its
    /// checksum is verified, its link is not); the rest is chained to it.
    /// </summary>
    public JournalEnd? After { get; init; }

    /// <summary>The scan ends before this position; null: at the end of the segment.</summary>
    public SequenceNumber? Until { get; init; }
}

/// <summary>What a scan found. Everything up to <see cref="End"/> is verified.</summary>
public sealed record SegmentScan
{
    /// <summary>The segment.</summary>
    public required SegmentName Name { get; init; }

    /// <summary>The last verified entry; what the range named if there is none; null if neither.</summary>
    public required JournalEnd? End { get; init; }

    /// <summary>The last verified entry that ends an append, likewise: an append is kept whole or not at all.</summary>
    public required JournalEnd? AppendEnd { get; init; }

    /// <summary>Entries verified.</summary>
    public required long EntryCount { get; init; }

    /// <summary>Bytes of the verified frames.</summary>
    public required long ByteCount { get; init; }

    /// <summary>The largest commit position named by any whole entry, also by those behind damage: proof of acknowledgement.</summary>
    public required SequenceNumber CommittedProof { get; init; }

    /// <summary>Where the scan stopped: the address behind the last verified frame, or of the damage.</summary>
    public required long StopAddress { get; init; }

    /// <summary>The device file of <see cref="StopAddress"/>.</summary>
    public required string StopFile { get; init; }

    /// <summary>The byte position in it.</summary>
    public required long StopOffset { get; init; }

    /// <summary>True if the range or the visitor ended the scan, so that nothing behind it was looked at.</summary>
    public required bool EndedByReader { get; init; }

    /// <summary>How the bytes look at the stop.</summary>
    public required StopShape Shape { get; init; }

    /// <summary>What is wrong at the stop; null if the entries simply end.</summary>
    public required JournalDamage? Damage { get; init; }
}
