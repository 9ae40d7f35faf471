using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>The one way in which a lease ends, whatever the cause.</summary>
internal static class LeaseEnding
{
    /// <summary>
    /// Ends a held lease and leaves its sandbox in <paramref name="standing"/>. Only a release frees it at once; otherwise
    /// the tenant's use counts until the teardown is verified (by a fence floor, or by the sandbox's end).
    /// </summary>
    public static void End(PartitionState state, in EntryContext context, Lease lease, LeaseEnd end, SandboxStanding standing)
    {
        Invariant.Check(lease.IsHeld, "a lease ends once");
        var sandbox = lease.Sandbox;
        Invariant.Check(sandbox is not null, "a held lease has a sandbox");
        Invariant.Check(ReferenceEquals(sandbox.Lease, lease), "lease and sandbox name each other");

        state.Sandboxes.BeginChange(sandbox);
        sandbox.Lease = null;
        sandbox.Standing = standing;
        if (standing is SandboxStanding.Free or SandboxStanding.Releasing)
        {
            // The floor: whoever held the sandbox has no right to it from here on.
            sandbox.HighestFence = context.Position;
        }

        if (standing == SandboxStanding.Free)
        {
            sandbox.ChargedTo = null;
            SandboxLife.Free(sandbox, context);
        }

        state.Sandboxes.EndChange(sandbox);

        state.Hasher.Remove(lease);
        lease.End = end;
        lease.Sandbox = null;
        state.Hasher.Add(lease);
        state.Leases.CountEnd();
        state.Timers.Cancel(lease);
        state.Requests.CountEnd(state, context, lease.Request);
    }
}
