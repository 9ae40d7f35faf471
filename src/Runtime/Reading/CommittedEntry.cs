using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Runtime.Reading;

/// <summary>Shows one committed entry; false ends the reading behind it. Must not block: the writer may wait for it.</summary>
public delegate bool EntryReader(in CommittedEntry entry);

/// <summary>A committed, verified entry. Its memory is valid until the reader returns: copy what is kept.</summary>
public readonly struct CommittedEntry
{
    private readonly ReadOnlyMemory<byte> _encoded;

    internal CommittedEntry(ReadOnlyMemory<byte> encoded)
    {
        _encoded = encoded;
        var whole = EntryCodec.TryRead(encoded.Span, out var header, out _, out _);
        Invariant.Check(whole, "a committed entry is whole");
        Header = header;
    }

    /// <summary>The header.</summary>
    public EntryHeader Header { get; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => _encoded.Span[EntryCodec.HeaderBytes..];

    /// <summary>Header and payload.</summary>
    public ReadOnlySpan<byte> Encoded => _encoded.Span;

    /// <summary>The entry's hash.</summary>
    public ChainHash Hash => ChainHash.Of(_encoded.Span);
}
