using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>How entries move a sandbox from its creation to its verified end (leases apart: see Leases/).</summary>
internal static class SandboxLife
{
    public static void Apply(PartitionState state, in EntryContext context, SandboxCreated entry)
    {
        var worker = state.WorkerTable.All.Get(entry.Worker);
        var function = state.FunctionTable.Versions.Get(entry.Function);
        state.Sandboxes.Add(new Sandbox(context.Position, worker, function) { FreedAt = context.Time });
    }

    public static void Apply(PartitionState state, in EntryContext context, SandboxReady entry)
    {
        var sandbox = state.Sandboxes.All.Get(entry.Sandbox);
        Invariant.Check(!sandbox.Booted, "a sandbox becomes ready once");
        state.Sandboxes.BeginChange(sandbox);
        sandbox.Booted = true;
        if (sandbox.Standing == SandboxStanding.Starting)
        {
            Free(sandbox, context);
        }

        state.Sandboxes.EndChange(sandbox);
    }

    public static void Apply(PartitionState state, SandboxRetired entry)
    {
        var sandbox = state.Sandboxes.All.Get(entry.Sandbox);
        Invariant.Check(sandbox.Standing is SandboxStanding.Free or SandboxStanding.Starting, "only an unleased sandbox retires");
        state.Sandboxes.BeginChange(sandbox);
        sandbox.Standing = SandboxStanding.Retired;
        state.Sandboxes.EndChange(sandbox);
    }

    public static void Apply(PartitionState state, in EntryContext context, Entries.SandboxDied entry)
    {
        var sandbox = state.Sandboxes.All.Get(entry.Sandbox);
        if (sandbox.Lease is { } lease)
        {
            LeaseEnding.End(state, context, lease, LeaseEnd.SandboxDied, SandboxStanding.Retired);
        }

        state.Sandboxes.Remove(sandbox);
    }

    public static void Apply(PartitionState state, in EntryContext context, SandboxFenced entry)
    {
        var sandbox = state.Sandboxes.All.Get(entry.Sandbox);
        Invariant.Check(sandbox.Standing == SandboxStanding.Releasing, "only a sandbox that awaits its fence is fenced");
        Invariant.Check(sandbox.HighestFence.Value <= entry.Floor, "the floor covers every token that was granted");
        state.Sandboxes.BeginChange(sandbox);
        sandbox.HighestFence = new(entry.Floor);
        sandbox.ChargedTo = null;
        Free(sandbox, context);
        state.Sandboxes.EndChange(sandbox);
    }

    public static void Apply(PartitionState state, in EntryContext context, SandboxQuarantined entry)
    {
        var sandbox = state.Sandboxes.All.Get(entry.Sandbox);
        if (sandbox.Lease is { } lease)
        {
            LeaseEnding.End(state, context, lease, LeaseEnd.Quarantined, SandboxStanding.Quarantined);
            return;
        }

        state.Sandboxes.BeginChange(sandbox);
        sandbox.Standing = SandboxStanding.Quarantined;
        state.Sandboxes.EndChange(sandbox);
    }

    /// <summary>Nobody holds it from here on: free if it has booted, else still starting. Inside a bracketed change.</summary>
    public static void Free(Sandbox sandbox, in EntryContext context)
    {
        sandbox.Standing = sandbox.Booted ? SandboxStanding.Free : SandboxStanding.Starting;
        sandbox.FreedPosition = context.Position;
        sandbox.FreedAt = context.Time;
    }
}
