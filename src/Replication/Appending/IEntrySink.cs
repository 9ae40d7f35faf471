using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Appending;

/// <summary>Where a sequencer's entries go: the local replica and the streams to the others; a list under simulation.</summary>
public interface IEntrySink
{
    /// <summary>Takes one entry, in order. Not durable on return.</summary>
    /// <param name="header">The header.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="encodedEntry">Header and payload; valid during the call only.</param>
    void Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry);
}
