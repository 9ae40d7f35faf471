using System.Globalization;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.JournalInspector.State;

/// <summary>One record of a state: its table, its name in it, and its fields in a fixed order.</summary>
internal sealed record StateRecord(string Table, string Name, IReadOnlyList<(string Field, string Value)> Fields);

/// <summary>A state as plain records, so that two can be compared field by field. Only what the journal determines: no load, no connections.</summary>
internal static class StateRecords
{
    public static IEnumerable<StateRecord> Of(PartitionState state) =>
    [
        OfPartition(state),
        .. state.KnownTenants().Select(tenant => new StateRecord("tenant", tenant.Name.Value, [("lease_limit", Text(tenant.LeaseLimit)), ("in_use", Text(tenant.InUse))])),
        .. state.Functions(allVersions: true).Select(OfFunction),
        .. state.Workers().Select(OfWorker),
        .. state.LiveSandboxes().Select(sandbox => OfSandbox(state, sandbox)),
        .. state.HeldLeases(default).Select(OfLease),
    ];

    private static StateRecord OfPartition(PartitionState state) => new("partition", Text(state.Partition.Value),
    [
        ("leader", state.Node),
        ("epoch", Text(state.Epoch.Value)),
        ("request_retention", Text(state.Settings.RequestRetention)),
        ("ended_requests_max", Text(state.Settings.EndedRequestsMax)),
        ("drift_permille", Text(state.Settings.DriftPermille)),
        ("default_tenant_lease_limit", Text(state.Settings.DefaultTenantLeaseLimit)),
        ("partition_lease_limit", Text(state.Settings.PartitionLeaseLimit)),
        ("requests_remembered", Text(state.RequestCount)),
    ]);

    private static StateRecord OfFunction(FunctionView function) => new("function", $"{function.Definition.Name} v{function.Version}",
    [
        ("deployed_at", Text(function.Position.Value)),
        ("takes_leases", Text(function.IsCurrent)),
        ("command", string.Join(' ', function.Definition.Command)),
        ("code_path", function.Definition.CodePath),
        ("environment", Text(function.Definition.Environment)),
        ("memory_mib", Text(function.Definition.MemoryMib)),
        ("timeout", Text(function.Definition.Timeout)),
        ("reserved_concurrency", Text(function.Definition.ReservedConcurrency)),
        ("warm_target", Text(function.Definition.WarmTarget)),
        ("idle_timeout", Text(function.Definition.IdleTimeout)),
        ("starting", Text(function.Starting)),
        ("free", Text(function.Free)),
        ("leases", Text(function.Leases)),
    ]);

    private static StateRecord OfWorker(WorkerView worker) => new("worker", worker.Name.Value,
    [
        ("registered_at", Text(worker.Registration.Value)),
        ("standing", Text(worker.Standing)),
        ("zone", worker.Zone),
        ("labels", Text(worker.Labels)),
        ("capacity_memory_mib", Text(worker.CapacityMemoryMib)),
        ("capacity_sandboxes", Text(worker.CapacitySandboxes)),
        ("endpoint", worker.Endpoint),
        ("sandboxes", Text(worker.Sandboxes)),
        ("leases", Text(worker.Leases)),
        ("memory_committed_mib", Text(worker.MemoryCommittedMib)),
    ]);

    private static StateRecord OfSandbox(PartitionState state, Sandbox sandbox) => new("sandbox", $"S{state.Partition.Value}-{sandbox.Position}",
    [
        ("worker", sandbox.Worker.Name.Value),
        ("function", $"{sandbox.Function.Definition.Name} v{sandbox.Function.Version}"),
        ("standing", Text(sandbox.Standing)),
        ("booted", Text(sandbox.Booted)),
        ("highest_fence", Text(sandbox.HighestFence.Value)),
        ("lease", sandbox.Lease is { } lease ? $"L{state.Partition.Value}-{lease.Position}" : ""),
        ("charged_to", sandbox.ChargedTo?.Name.Value ?? ""),
    ]);

    private static StateRecord OfLease(LeaseView lease) => new("lease", lease.Id.ToString(),
    [
        ("token", lease.Fence.ToString()),
        ("sandbox", lease.Sandbox.ToString()),
        ("worker", lease.Worker.Value),
        ("function", $"{lease.Function} v{lease.FunctionVersion}"),
        ("tenant", lease.Tenant.Value),
        ("request", lease.Request.ToString()),
        ("ttl", Text(lease.Ttl)),
        ("renewals", Text(lease.RenewSequence)),
        ("confirmed", Text(lease.Confirmed)),
        ("warm", Text(lease.Warm)),
    ]);

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "yes" : "no",
        TimeSpan duration => Views.Quantity.Duration(duration),
        IEnumerable<KeyValuePair<string, string>> pairs => string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}")),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
