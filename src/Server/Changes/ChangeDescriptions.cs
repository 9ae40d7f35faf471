using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager.Entries;
using Kind = ControlPlane.Protocol.V1.Change.Types.Kind;

namespace ControlPlane.Server.Changes;

/// <summary>Describes a journaled fact as a <see cref="Change"/>, with the names that belong to its positions.</summary>
internal static class ChangeDescriptions
{
    /// <summary>The change that <paramref name="entry"/> made.</summary>
    public static Change Describe(in EntryHeader header, Entry entry, PartitionId partition, Facts facts)
    {
        var change = new Change { Position = header.Sequence.Value, Epoch = header.Epoch.Value, TimeNs = header.Time.Nanoseconds };
        var subject = new ChangeSubject(change, partition, facts);
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.LeaseGranted:
                subject.Lease(Kind.LeaseGranted, change.Position, facts.Of(entry), entry.LeaseGranted.Warm ? "warm" : "cold");
                break;
            case Entry.KindOneofCase.LeaseConfirmed:
                subject.Lease(Kind.LeaseConfirmed, entry.LeaseConfirmed.Lease);
                break;
            case Entry.KindOneofCase.LeaseRenewed:
                subject.Lease(Kind.LeaseRenewed, entry.LeaseRenewed.Lease, Text($"renewal {entry.LeaseRenewed.RenewSequence}, ttl {entry.LeaseRenewed.TtlMs} ms"));
                break;
            case Entry.KindOneofCase.LeaseReleased:
                subject.Lease(Kind.LeaseReleased, entry.LeaseReleased.Lease);
                break;
            case Entry.KindOneofCase.LeaseExpired:
                subject.Lease(Kind.LeaseExpired, entry.LeaseExpired.Lease, EndOf(entry.LeaseExpired.Reason));
                break;
            case Entry.KindOneofCase.SandboxCreated:
                subject.Sandbox(Kind.SandboxCreated, change.Position, facts.Of(entry), "");
                break;
            case Entry.KindOneofCase.SandboxReady:
                subject.Sandbox(Kind.SandboxReady, entry.SandboxReady.Sandbox);
                break;
            case Entry.KindOneofCase.SandboxRetired:
                subject.Sandbox(Kind.SandboxRetired, entry.SandboxRetired.Sandbox);
                break;
            case Entry.KindOneofCase.SandboxDied:
                subject.Sandbox(Kind.SandboxDied, entry.SandboxDied.Sandbox, entry.SandboxDied.Reason);
                break;
            case Entry.KindOneofCase.SandboxFenced:
                subject.Sandbox(Kind.SandboxFenced, entry.SandboxFenced.Sandbox, Text($"floor {entry.SandboxFenced.Floor}"));
                break;
            case Entry.KindOneofCase.SandboxQuarantined:
                subject.Sandbox(Kind.SandboxQuarantined, entry.SandboxQuarantined.Sandbox, entry.SandboxQuarantined.Reason);
                break;
            default:
                DescribeRule(entry, change, facts);
                break;
        }

        return change;
    }

    private static void DescribeRule(Entry entry, Change change, Facts facts)
    {
        (change.Kind, change.Tenant, change.Function, change.Worker, change.Detail) = entry.KindCase switch
        {
            Entry.KindOneofCase.WorkerRegistered => (Kind.WorkerRegistered, "", "", entry.WorkerRegistered.Name, Text($"{entry.WorkerRegistered.KeptSandboxes.Count} sandboxes kept")),
            Entry.KindOneofCase.WorkerLost => (Kind.WorkerLost, "", "", facts.Of(entry.WorkerLost.Worker).Worker, ""),
            Entry.KindOneofCase.WorkerCordoned => (Kind.WorkerCordoned, "", "", facts.Of(entry.WorkerCordoned.Worker).Worker, ""),
            Entry.KindOneofCase.WorkerUncordoned => (Kind.WorkerUncordoned, "", "", facts.Of(entry.WorkerUncordoned.Worker).Worker, ""),
            Entry.KindOneofCase.WorkerDraining => (Kind.WorkerDraining, "", "", facts.Of(entry.WorkerDraining.Worker).Worker, Text($"deadline {entry.WorkerDraining.DeadlineMs} ms")),
            Entry.KindOneofCase.FunctionDeployed => (Kind.FunctionDeployed, "", entry.FunctionDeployed.Name, "", Text($"version {entry.FunctionDeployed.Version}")),
            Entry.KindOneofCase.FunctionDeleted => (Kind.FunctionDeleted, "", facts.Of(entry.FunctionDeleted.Function).Function, "", ""),
            Entry.KindOneofCase.TenantAdded => (Kind.TenantAdded, entry.TenantAdded.Name, "", "", ""),
            Entry.KindOneofCase.TenantLimitSet => (Kind.TenantLimitSet, facts.Of(entry.TenantLimitSet.Tenant).Tenant, "", "", Text($"limit {entry.TenantLimitSet.LeaseLimit}")),
            Entry.KindOneofCase.SettingsChanged => (Kind.SettingsChanged, "", "", "", entry.SettingsChanged.ToString()),
            Entry.KindOneofCase.LeadershipClaimed => (Kind.LeadershipClaimed, "", "", "", entry.LeadershipClaimed.Node),
            Entry.KindOneofCase.StateHashed => (Kind.StateHashed, "", "", "", Identifier128.Format(new UInt128(entry.StateHashed.HashHigh, entry.StateHashed.HashLow))),
            _ => throw new InvariantViolationException($"every kind of entry is described, {entry.KindCase} too"),
        };
    }

    private static string EndOf(EndReason reason) => reason switch
    {
        EndReason.Ttl => "its time to live ran out",
        EndReason.Unconfirmed => "nobody confirmed it in time",
        EndReason.Drained => "its worker's drain deadline passed",
        EndReason.Cancelled => "its request was cancelled",
        _ => "",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
