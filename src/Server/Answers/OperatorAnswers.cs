using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Outcomes;
using Google.Protobuf;

namespace ControlPlane.Server.Answers;

/// <summary>Functions, workers and settings as operators see them.</summary>
internal static class OperatorAnswers
{
    /// <summary>What a worker needs to know to run a function version.</summary>
    public static FunctionSpec ToWire(this FunctionDefinition definition, uint version)
    {
        var spec = new FunctionSpec
        {
            Name = definition.Name.Value,
            Version = version,
            Command = { definition.Command },
            CodePath = definition.CodePath,
            MemoryMib = definition.MemoryMib,
            TimeoutMs = (uint)definition.Timeout.TotalMilliseconds,
        };
        foreach (var (name, value) in definition.Environment)
        {
            spec.Environment[name] = value;
        }

        return spec;
    }

    /// <summary>A function version.</summary>
    public static FunctionStatus ToWire(this FunctionView view) => new()
    {
        Function = view.Definition.ToWire(view.Version),
        ReservedConcurrency = view.Definition.ReservedConcurrency,
        WarmTarget = view.Definition.WarmTarget,
        IdleTimeoutMs = (long)view.Definition.IdleTimeout.TotalMilliseconds,
        Position = view.Position.Value,
        SandboxesStarting = (uint)view.Starting,
        SandboxesFree = (uint)view.Free,
        Leases = (uint)view.Leases,
        Waiting = (uint)view.Waiting,
    };

    /// <summary>A worker.</summary>
    public static WorkerStatus ToWire(this WorkerView view)
    {
        var status = new WorkerStatus
        {
            Name = view.Name.Value,
            Incarnation = ByteString.CopyFrom(Identifier128.ToArray(view.Incarnation)),
            Zone = view.Zone,
            CapacityMemoryMib = view.CapacityMemoryMib,
            CapacitySandboxes = view.CapacitySandboxes,
            Endpoint = view.Endpoint,
            State = (WorkerStatus.Types.State)view.Standing,
            Connected = view.Connected,
            Sandboxes = (uint)view.Sandboxes,
            Leases = (uint)view.Leases,
            MemoryCommittedMib = (uint)view.MemoryCommittedMib,
            Cpu = view.Cpu,
            MemoryUsedMib = view.MemoryUsedMib,
        };
        foreach (var (name, value) in view.Labels)
        {
            status.Labels[name] = value;
        }

        return status;
    }

    /// <summary>The journaled rules.</summary>
    public static Protocol.V1.Settings ToWire(this WorkerManager.Settings settings, uint partition) => new()
    {
        RequestRetentionMs = (long)settings.RequestRetention.TotalMilliseconds,
        EndedRequestsMax = settings.EndedRequestsMax,
        DriftPermille = settings.DriftPermille,
        DefaultTenantLeaseLimit = settings.DefaultTenantLeaseLimit,
        PartitionLeaseLimit = settings.PartitionLeaseLimit,
        Partition = partition,
    };
}
