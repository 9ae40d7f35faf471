using ControlPlane.JournalInspector.Entries;
using ControlPlane.Primitives.Entries;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Trace;

/// <summary>
/// Picks the entries that belong to a life, in one pass: those that name the lease or the sandbox; for a lease, what happened
/// to its sandbox until somebody else got it; a loss of the worker below it; and each new reign while a lease is held, because
/// there its time begins anew.
/// </summary>
internal sealed class TraceCollector(TraceSubject subject)
{
    private readonly HashSet<ulong> _leases = subject.Lease is { } lease ? [lease] : [];
    private readonly Dictionary<ulong, ulong> _sandboxOfHeld = [];
    private readonly Dictionary<ulong, ulong> _leaseOnSandbox = [];
    private readonly Dictionary<ulong, ulong> _workerOfSandbox = [];
    private readonly List<TraceEvent> _events = [];

    public IReadOnlyList<TraceEvent> Events => _events;

    public void See(in EntryHeader header, DecodedEntry decoded)
    {
        if (decoded.Entry is not { } entry)
        {
            return;
        }

        if (entry.LeaseGranted is { } grant)
        {
            Grant(header.Sequence.Value, grant, decoded.About);
        }

        var ends = EndedBy(entry, decoded.About);
        if (Belongs(entry, decoded.About))
        {
            _events.Add(new TraceEvent(header.Sequence, header.Epoch, header.Time, decoded, ends));
        }

        Follow(entry, decoded.About, ends);
    }

    private void Grant(ulong position, LeaseGranted grant, in EntryReferences about)
    {
        if (subject.Request == about.Request || subject.Sandbox == grant.Sandbox)
        {
            _leases.Add(position);
        }

        // Somebody else's from here on, or ours.
        _leaseOnSandbox.Remove(grant.Sandbox);
        if (_leases.Contains(position))
        {
            _leaseOnSandbox.Add(grant.Sandbox, position);
            _sandboxOfHeld.Add(position, grant.Sandbox);
        }
    }

    private bool Belongs(Entry entry, in EntryReferences about) => entry.KindCase switch
    {
        Entry.KindOneofCase.LeadershipClaimed => _sandboxOfHeld.Count > 0,
        Entry.KindOneofCase.WorkerLost or Entry.KindOneofCase.WorkerDraining => FollowsSandboxOf(about.Worker!.Value),
        Entry.KindOneofCase.WorkerRegistered => entry.WorkerRegistered.KeptSandboxes.Any(FollowsSandbox),
        _ => (about.Lease is { } lease && _leases.Contains(lease)) || (about.Sandbox is { } sandbox && about.Lease is null && FollowsSandbox(sandbox)),
    };

    private bool FollowsSandbox(ulong sandbox) => subject.Sandbox == sandbox || _leaseOnSandbox.ContainsKey(sandbox);

    private bool FollowsSandboxOf(ulong worker)
    {
        foreach (var (sandbox, host) in _workerOfSandbox)
        {
            if (host == worker && FollowsSandbox(sandbox))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A release or an expiry ends one; a dead sandbox or a lost worker ends what is held there.</summary>
    private ulong[] EndedBy(Entry entry, EntryReferences about) => entry.KindCase switch
    {
        Entry.KindOneofCase.LeaseReleased or Entry.KindOneofCase.LeaseExpired =>
            _leases.Contains(about.Lease!.Value) ? [about.Lease.Value] : [],
        Entry.KindOneofCase.SandboxDied =>
            [.. _sandboxOfHeld.Where(held => held.Value == about.Sandbox).Select(held => held.Key)],
        Entry.KindOneofCase.WorkerLost =>
            [.. _sandboxOfHeld.Where(held => _workerOfSandbox.GetValueOrDefault(held.Value) == about.Worker).Select(held => held.Key)],
        _ => [],
    };

    private void Follow(Entry entry, in EntryReferences about, ulong[] ends)
    {
        foreach (var ended in ends)
        {
            _sandboxOfHeld.Remove(ended);
        }

        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.SandboxCreated:
                _workerOfSandbox[about.Sandbox!.Value] = about.Worker!.Value;
                break;
            case Entry.KindOneofCase.WorkerRegistered:
                foreach (var kept in entry.WorkerRegistered.KeptSandboxes)
                {
                    _workerOfSandbox[kept] = about.Worker!.Value;
                }

                break;
            case Entry.KindOneofCase.SandboxDied:
                _leaseOnSandbox.Remove(about.Sandbox!.Value);
                _workerOfSandbox.Remove(about.Sandbox.Value);
                break;
        }
    }
}
