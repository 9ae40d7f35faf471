using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Validation;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Server.Changes;

/// <summary>
/// Whose history is asked for. Follows it entry by entry: a request leads to the leases that it was granted, a sandbox to the
/// leases on it, so one pass over the journal is enough.
/// </summary>
internal sealed class HistorySubject
{
    private readonly HashSet<ulong> _sandboxes = [];
    private readonly HashSet<ulong> _leases = [];
    private RequestId _request;

    /// <summary>Where to begin: nothing concerns a sandbox or a lease before the entry that it is named by.</summary>
    public SequenceNumber From { get; private init; } = SequenceNumber.First;

    /// <summary>The sandbox's or the lease's.</summary>
    public PartitionId Partition { get; private init; }

    /// <summary>Reads the question.</summary>
    public static HistorySubject Read(FieldChecks checks, HistoryRequest request)
    {
        switch (request.SubjectCase)
        {
            case HistoryRequest.SubjectOneofCase.Sandbox:
                var sandbox = checks.Sandbox("sandbox", request.Sandbox);
                return new HistorySubject { Partition = sandbox.Partition, From = sandbox.Position, _sandboxes = { sandbox.Position.Value } };
            case HistoryRequest.SubjectOneofCase.Lease:
                var lease = checks.Lease("lease", request.Lease);
                return new HistorySubject { Partition = lease.Partition, From = lease.Position, _leases = { lease.Position.Value } };
            case HistoryRequest.SubjectOneofCase.RequestId:
                return new HistorySubject { _request = checks.RequestId("request_id", request.RequestId) };
            default:
                checks.Fail("subject", "missing");
                return new HistorySubject();
        }
    }

    /// <summary>True if the entry belongs to the history. Ask of every entry, in order.</summary>
    public bool Concerns(EntryHeader header, Entry entry)
    {
        if (entry.KindCase == Entry.KindOneofCase.LeaseGranted && Grants(entry.LeaseGranted))
        {
            _leases.Add(header.Sequence.Value);
        }

        return entry.KindCase switch
        {
            Entry.KindOneofCase.LeaseGranted => _leases.Contains(header.Sequence.Value),
            Entry.KindOneofCase.LeaseConfirmed => _leases.Contains(entry.LeaseConfirmed.Lease),
            Entry.KindOneofCase.LeaseRenewed => _leases.Contains(entry.LeaseRenewed.Lease),
            Entry.KindOneofCase.LeaseReleased => _leases.Contains(entry.LeaseReleased.Lease),
            Entry.KindOneofCase.LeaseExpired => _leases.Contains(entry.LeaseExpired.Lease),
            Entry.KindOneofCase.SandboxCreated => _sandboxes.Contains(header.Sequence.Value),
            Entry.KindOneofCase.SandboxReady => _sandboxes.Contains(entry.SandboxReady.Sandbox),
            Entry.KindOneofCase.SandboxRetired => _sandboxes.Contains(entry.SandboxRetired.Sandbox),
            Entry.KindOneofCase.SandboxDied => _sandboxes.Contains(entry.SandboxDied.Sandbox),
            Entry.KindOneofCase.SandboxFenced => _sandboxes.Contains(entry.SandboxFenced.Sandbox),
            Entry.KindOneofCase.SandboxQuarantined => _sandboxes.Contains(entry.SandboxQuarantined.Sandbox),
            _ => false,
        };
    }

    private bool Grants(LeaseGranted granted) =>
        _sandboxes.Contains(granted.Sandbox)
        || (!_request.IsNone && _request.Value == new UInt128(granted.RequestHigh, granted.RequestLow));
}
