using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.State;

/// <summary><c>state DIR [--at SEQ]</c>.</summary>
internal static class StateCommand
{
    private static readonly Option<ulong?> At = PositionOption.Named("--at", "The position behind which to look; by default the journal's end.");

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "state",
            "The lease table behind a position, and the state hash: rebuilt from the nearest snapshot and the entries, by the worker manager itself.",
            "journal-inspector state DIR --at 1500",
            "journal-inspector state DIR --json | jq '.leases[] | select(.tenant == \"acme\")'")
        .With(At, PartitionOption.Partition)
        .Does(terminal, disk, context =>
        {
            var progress = context.Progress("replayed");
            var replay = new StateReplay(context.OpenJournal(), context.Value(PartitionOption.Partition), progress);
            var core = replay.At(context.Value(At) is { } at ? new SequenceNumber(at) : null);
            progress.End();
            context.Show(Report(core, replay.Snapshot));
            return ExitCode.Ok;
        });

    private static StateReport Report(WorkerManagerCore core, SequenceNumber snapshot)
    {
        if (core.RecomputeHash() != core.Hash)
        {
            throw new InspectionException($"the state machine carries hash {core.Hash}, but its records hash to {core.RecomputeHash()}: do not trust this state");
        }

        var state = core.State;
        return new StateReport
        {
            Position = core.Applied.Value,
            Time = state.Time.ToString(),
            Epoch = state.Epoch.Value,
            Leader = state.Node,
            StateHash = core.Hash.ToString(),
            FromSnapshot = snapshot.Value,
            Workers = state.WorkerCount,
            Functions = state.FunctionCount,
            Sandboxes = state.SandboxCount,
            Tenants = state.TenantCount,
            Leases = [.. state.HeldLeases(SequenceNumber.None).Select(lease => new StateLease(
                lease.Id.ToString(),
                lease.Fence.ToString(),
                lease.Sandbox.ToString(),
                lease.Worker.Value,
                $"{lease.Function} v{lease.FunctionVersion}",
                lease.Tenant.Value,
                lease.Request.ToString(),
                lease.Ttl.TotalMilliseconds,
                lease.RenewSequence,
                lease.Confirmed))],
        };
    }
}
