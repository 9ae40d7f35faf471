using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Reading;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Server.Changes;

/// <summary>
/// Looks names up where they were given: an identity is the position of the entry that created it, and that entry never
/// changes. So a change of long ago is described as truly as one of now, without a copy of the state. What was trimmed is
/// looked up in <see cref="TrimmedNames"/>.
/// </summary>
/// <remarks>One for each reader; not for several threads.</remarks>
internal sealed class Facts(JournalEngine journal, TrimmedNames trimmed)
{
    /// <summary>Most names remembered. Full: all are forgotten and read again as they are needed.</summary>
    public const int RememberedMax = 8_192;

    private readonly Dictionary<ulong, Names> _remembered = [];

    /// <summary>The names that belong to what began at <paramref name="position"/>.</summary>
    public Names Of(ulong position)
    {
        if (_remembered.TryGetValue(position, out var known))
        {
            return known;
        }

        var names = Read(position) is { } entry ? Of(entry) : trimmed.Of(position);
        if (_remembered.Count >= RememberedMax)
        {
            _remembered.Clear();
        }

        return _remembered[position] = names;
    }

    /// <summary>The names that belong to what <paramref name="entry"/> began; none if it began nothing.</summary>
    public Names Of(Entry entry) => entry.KindCase switch
    {
        Entry.KindOneofCase.TenantAdded => new Names(Tenant: entry.TenantAdded.Name),
        Entry.KindOneofCase.FunctionDeployed => new Names(Function: entry.FunctionDeployed.Name),
        Entry.KindOneofCase.WorkerRegistered => new Names(Worker: entry.WorkerRegistered.Name),
        Entry.KindOneofCase.SandboxCreated =>
            new Names(Function: Of(entry.SandboxCreated.Function).Function, Worker: Of(entry.SandboxCreated.Worker).Worker),
        Entry.KindOneofCase.LeaseGranted =>
            Of(entry.LeaseGranted.Sandbox) with { Tenant = Of(entry.LeaseGranted.Tenant).Tenant, Sandbox = entry.LeaseGranted.Sandbox },
        _ => Names.None,
    };

    /// <summary>The entry, or null if it was trimmed.</summary>
    private Entry? Read(ulong position)
    {
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
            return null;
        }

        return read;
    }
}
