using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>How entries register workers, lose them, and carry out operators' orders.</summary>
internal static class WorkerChanges
{
    public static void Apply(PartitionState state, in EntryContext context, WorkerRegistered entry)
    {
        var name = WorkerName.Create(entry.Name);
        state.WorkerTable.TryGet(name, out var before);
        var worker = new Worker(context.Position, name)
        {
            Incarnation = new UInt128(entry.IncarnationHigh, entry.IncarnationLow),
            Zone = entry.Zone,
            Labels = [.. entry.Labels.Select(label => KeyValuePair.Create(label.Name, label.Value))],
            CapacityMemoryMib = entry.CapacityMemoryMib,
            CapacitySandboxes = entry.CapacitySandboxes,
            Endpoint = entry.Endpoint,
            Orders = before?.Orders ?? WorkerStanding.Ready,
            DrainDeadline = before?.DrainDeadline ?? default,
            Link = before?.Link,
        };
        if (before is not null)
        {
            state.Hasher.Remove(before);
            state.Timers.Cancel(before.Drain);
            state.WorkerTable.Remove(before);
        }

        state.WorkerTable.Add(worker);
        state.Hasher.Add(worker);
        Invariant.Check(entry.KeptSandboxes.Count == (before?.SandboxCount ?? 0), "what a new incarnation does not keep has died before");
        foreach (var kept in entry.KeptSandboxes)
        {
            Move(state, state.Sandboxes.All.Get(kept), worker);
        }
    }

    public static void Apply(PartitionState state, in EntryContext context, WorkerLost entry)
    {
        var worker = state.WorkerTable.All.Get(entry.Worker);
        Invariant.Check(!worker.IsLost, "a worker is lost once");
        state.Hasher.Remove(worker);
        worker.IsLost = true;
        state.Hasher.Add(worker);

        // In the order of the grants: it decides in which order the ended requests are forgotten, and records keep it.
        foreach (var lease in worker.Sandboxes.Select(sandbox => sandbox.Lease).OfType<Lease>().OrderBy(lease => lease.Position).ToArray())
        {
            LeaseEnding.End(state, context, lease, LeaseEnd.WorkerLost, SandboxStanding.Retired);
        }

        foreach (var sandbox in worker.SandboxesInOrder())
        {
            if (sandbox.Standing is not (SandboxStanding.Quarantined or SandboxStanding.Retired))
            {
                state.Sandboxes.BeginChange(sandbox);
                sandbox.Standing = SandboxStanding.Retired;
                state.Sandboxes.EndChange(sandbox);
            }
        }
    }

    public static void Apply(PartitionState state, WorkerCordoned entry) =>
        Order(state, entry.Worker, WorkerStanding.Cordoned, default);

    public static void Apply(PartitionState state, WorkerUncordoned entry) =>
        Order(state, entry.Worker, WorkerStanding.Ready, default);

    public static void Apply(PartitionState state, in EntryContext context, WorkerDraining entry) =>
        Order(state, entry.Worker, WorkerStanding.Draining, context.Time.Plus(Milliseconds.From(entry.DeadlineMs)));

    private static void Order(PartitionState state, ulong position, WorkerStanding orders, JournalTime drainDeadline)
    {
        var worker = state.WorkerTable.All.Get(position);
        state.Hasher.Remove(worker);
        worker.Orders = orders;
        worker.DrainDeadline = drainDeadline;
        state.Hasher.Add(worker);
    }

    private static void Move(PartitionState state, Sandbox sandbox, Worker worker)
    {
        Invariant.Check(sandbox.Worker.Name == worker.Name, "a sandbox stays on its machine");
        state.Sandboxes.BeginChange(sandbox);
        sandbox.Worker.Remove(sandbox);
        sandbox.Worker = worker;
        worker.Add(sandbox);
        state.Sandboxes.EndChange(sandbox);
    }
}
