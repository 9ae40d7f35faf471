using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.State;

/// <summary><c>state DIR [--at SEQ] [--diff SEQ]</c>.</summary>
internal static class StateCommand
{
    private static readonly Option<ulong?> At = PositionOption.Named("--at", "The position behind which to look; by default the journal's end.");

    private static readonly Option<ulong?> Diff = PositionOption.Named("--diff", "Another position: what changed between the two, from the earlier to the later.");

    public static Command Build(Terminal terminal, IDisk disk) =>
        new InspectorCommand(
            "state",
            "The lease table behind a position, and the state hash: rebuilt from the nearest snapshot and the entries, by the worker manager itself.",
            "journal-inspector state DIR --at 1500",
            "journal-inspector state DIR --at 1500 --diff 1600",
            "journal-inspector state DIR --json | jq '.leases[] | select(.tenant == \"acme\")'")
        .With(At, Diff, PartitionOption.Partition)
        .Does(terminal, disk, Run);

    private static ExitCode Run(CommandContext context)
    {
        var at = context.Value(At) is { } position ? new SequenceNumber(position) : (SequenceNumber?)null;
        var journal = context.OpenJournal();
        var progress = context.Progress("replayed");
        var replay = new StateReplay(journal, context.Value(PartitionOption.Partition), progress);
        var core = replay.At(at);
        if (context.Value(Diff) is { } diff)
        {
            var other = new StateReplay(journal, context.Value(PartitionOption.Partition), progress).At(new SequenceNumber(diff));
            progress.End();
            context.Show(core.Applied < other.Applied ? StateDifference.Between(core, other) : StateDifference.Between(other, core));
            return ExitCode.Ok;
        }

        progress.End();
        context.Show(Report(core, replay.Snapshot));
        return ExitCode.Ok;
    }

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
