using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Records as outsiders see them: immutable, true at the moment they are made.</summary>
internal static class StateViews
{
    public static LeaseView Of(PartitionState state, Lease lease, bool replayed)
    {
        var sandbox = lease.Sandbox!;
        return new LeaseView
        {
            Id = new(state.Partition, lease.Position),
            Sandbox = new(state.Partition, sandbox.Position),
            Endpoint = sandbox.Worker.Endpoint,
            Fence = lease.Fence,
            Ttl = lease.Ttl,
            Warm = lease.Warm,
            ChosenBecause = lease.Reason,
            Replayed = replayed,
            Function = sandbox.Function.Definition.Name,
            FunctionVersion = sandbox.Function.Version,
            Worker = sandbox.Worker.Name,
            Request = lease.Request.Id,
            Tenant = lease.Tenant.Name,
            RenewSequence = lease.RenewSequence,
            Confirmed = lease.Confirmed || lease.SeenInUse,
        };
    }

    /// <summary>The leases of a request that are held.</summary>
    public static LeaseView[] HeldOf(PartitionState state, Request request, bool replayed)
    {
        var views = new LeaseView[request.HeldCount];
        var next = 0;
        for (var lease = request.FirstLease; lease is not null; lease = lease.NextOfRequest)
        {
            if (lease.IsHeld)
            {
                views[next++] = Of(state, lease, replayed);
            }
        }

        return views;
    }

    public static FunctionView Of(FunctionVersion function) => new(
        function.Definition,
        function.Version,
        function.Position,
        function.IsCurrent,
        function.Count(SandboxStanding.Starting),
        function.Count(SandboxStanding.Free),
        function.Count(SandboxStanding.Leased),
        function.Waiting.Count);

    public static WorkerView Of(Worker worker) => new(
        worker.Name,
        worker.Incarnation,
        worker.Position,
        worker.Zone,
        worker.Labels,
        worker.CapacityMemoryMib,
        worker.CapacitySandboxes,
        worker.Endpoint,
        worker.Standing,
        worker.SandboxCount,
        worker.Sandboxes.Count(sandbox => sandbox.Lease is not null),
        worker.MemoryCommittedMib,
        worker.IsConnected,
        worker.Link?.Cpu.Last ?? 0,
        (ulong)(worker.Link?.Memory.Last ?? 0),
        worker.Link?.Quarantined ?? []);
}
