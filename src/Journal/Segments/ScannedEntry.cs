using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>One verified entry, and where it lies. The spans are valid until the visitor returns.</summary>
public readonly ref struct ScannedEntry
{
    /// <summary>The header.</summary>
    public required EntryHeader Header { get; init; }

    /// <summary>The entry's own hash, which the next entry names.</summary>
    public required ChainHash Hash { get; init; }

    /// <summary>Header and payload as they are on disk.</summary>
    public required ReadOnlySpan<byte> Encoded { get; init; }

    /// <summary>The device file.</summary>
    public required string File { get; init; }

    /// <summary>Byte position of the frame in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => Encoded[EntryCodec.HeaderBytes..];
}

/// <summary>Sees each entry in order; false ends the scan behind this entry.</summary>
public delegate bool EntryVisitor(in ScannedEntry entry);
