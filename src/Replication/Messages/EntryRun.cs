using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Messages;

/// <summary>Walks encoded entries that lie one behind the other, as messages carry them; each is verified by its checksum.</summary>
public ref struct EntryRun(ReadOnlySpan<byte> entries)
{
    private ReadOnlySpan<byte> _rest = entries;

    /// <summary>Header of the entry that <see cref="MoveNext"/> reached.</summary>
    public EntryHeader Header { get; private set; }

    /// <summary>Its hash.</summary>
    public ChainHash Hash { get; private set; }

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Encoded { get; private set; }

    /// <summary>True if the run ended because the bytes are no whole entry.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Goes on to the next entry; false at the end, or where the bytes are damaged.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (!EntryCodec.TryRead(_rest, out var header, out var payload, out _))
        {
            IsDamaged = true;
            return false;
        }

        Header = header;
        Encoded = _rest[..EntryCodec.EncodedLength(payload.Length)];
        Hash = ChainHash.Of(Encoded);
        _rest = _rest[Encoded.Length..];
        return true;
    }
}
