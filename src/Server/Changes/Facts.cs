using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Reading;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Server.Changes;

/// <summary>
/// Looks names up where they were given: an identity is the position of the entry that created it, and that entry never
/// changes. So a change of long ago is described as truly as one of now, without a copy of the state.
/// </summary>
/// <remarks>One for each reader; not for several threads. What was trimmed is unknown, and its name is left out.</remarks>
internal sealed class Facts(JournalEngine journal)
{
    /// <summary>Most facts remembered. Full: all are forgotten and read again as they are needed.</summary>
    public const int RememberedMax = 8_192;

    private readonly Dictionary<ulong, Entry?> _remembered = [];

    /// <summary>A tenant's name.</summary>
    public string Tenant(ulong position) => At(position)?.TenantAdded?.Name ?? "";

    /// <summary>A function's name.</summary>
    public string Function(ulong position) => At(position)?.FunctionDeployed?.Name ?? "";

    /// <summary>A worker's name.</summary>
    public string Worker(ulong position) => At(position)?.WorkerRegistered?.Name ?? "";

    /// <summary>How a sandbox began; null if trimmed.</summary>
    public SandboxCreated? Sandbox(ulong position) => At(position)?.SandboxCreated;

    /// <summary>How a lease began; null if trimmed.</summary>
    public LeaseGranted? Lease(ulong position) => At(position)?.LeaseGranted;

    private Entry? At(ulong position)
    {
        if (_remembered.TryGetValue(position, out var known))
        {
            return known;
        }

        if (_remembered.Count == RememberedMax)
        {
            _remembered.Clear();
        }

        return _remembered[position] = Read(position);
    }

    private Entry? Read(ulong position)
    {
        if (position < journal.Head.Value)
        {
            return null;
        }

        Entry? read = null;
        try
        {
            journal.Read(new SequenceNumber(position), (in CommittedEntry entry) =>
            {
                read = CoreReplay.Parse(entry.Payload);
                return false;
            });
        }
        catch (PositionTrimmedException)
        {
            // Trimmed between the look at the head and the reading: unknown, as if it had been before.
        }

        return read;
    }
}
