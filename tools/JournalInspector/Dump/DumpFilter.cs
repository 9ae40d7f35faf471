using ControlPlane.JournalInspector.Entries;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>Which entries a dump shows. A null or empty condition fits everything; all conditions must fit.</summary>
internal sealed class DumpFilter
{
    private readonly HashSet<ulong> _leasesOfSandbox = [];

    public SequenceNumber From { get; init; } = SequenceNumber.First;

    /// <summary>The last position shown.</summary>
    public SequenceNumber? To { get; init; }

    public IReadOnlyCollection<string> Kinds { get; init; } = [];

    /// <summary>Its own entries, and those of its leases.</summary>
    public ulong? Sandbox { get; init; }

    /// <summary>The client of the append, or the caller of an allocation.</summary>
    public ClientId? Client { get; init; }

    /// <summary>True if it leaves nothing out but by position.</summary>
    public bool IsEmpty => Kinds.Count == 0 && Sandbox is null && Client is null;

    /// <summary>Where a walk must begin: an entry that names only a lease belongs to a sandbox by a grant that came before.</summary>
    public SequenceNumber WalkFrom => Sandbox is null ? From : SequenceNumber.First;

    /// <summary>Asked of each entry in order, also of those before <see cref="From"/>.</summary>
    public bool Shows(in EntryHeader header, DecodedEntry entry)
    {
        var ofSandbox = IsOfSandbox(entry);
        return header.Sequence >= From
            && ofSandbox
            && (Kinds.Count == 0 || Kinds.Contains(entry.Kind))
            && (Client is null || header.Client == Client || entry.About.Client == Client);
    }

    private bool IsOfSandbox(DecodedEntry entry)
    {
        if (Sandbox is not { } sandbox)
        {
            return true;
        }

        if (entry.About.Sandbox == sandbox)
        {
            if (entry.About.Lease is { } granted)
            {
                _leasesOfSandbox.Add(granted);
            }

            return true;
        }

        return (entry.About.Lease is { } lease && _leasesOfSandbox.Contains(lease))
            || (entry.Entry?.WorkerRegistered?.KeptSandboxes.Contains(sandbox) ?? false);
    }
}
