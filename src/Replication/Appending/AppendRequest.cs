using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Appending;

/// <summary>Entries to append atomically, and the conditions under which. Sizes are validated before (see <see cref="EntryLimits"/>).</summary>
public readonly record struct AppendRequest
{
    /// <summary>The payloads, one for each entry. The memory is read during the call only.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Payloads { get; init; }

    /// <summary>Succeed only if the journal's next position is exactly this.</summary>
    public SequenceNumber? ExpectedTail { get; init; }

    /// <summary>The fence that the appender holds; none counts as zero.</summary>
    public JournalFence Fence { get; init; }

    /// <summary>Who appends, for exactly-once retries; none if they are not wanted.</summary>
    public ClientId Client { get; init; }

    /// <summary>The client's number for this append; zero without a client.</summary>
    public ClientSequence ClientSequence { get; init; }

    /// <summary>Version of the payloads' format.</summary>
    public uint ProducerVersion { get; init; }

    /// <summary>True if a retry of this append must be recognised.</summary>
    public bool IsExactlyOnce => !Client.IsNone && ClientSequence.Value != 0;
}
