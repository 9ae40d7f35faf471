using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager;
using Google.Protobuf.Collections;
using Commands = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Validation;

/// <summary>What a worker says, checked and turned into commands.</summary>
internal static class WorkerMessages
{
    /// <summary>The version of the worker protocol that this plane speaks.</summary>
    public const uint ProtocolVersion = 1;

    /// <summary>Most labels of a worker.</summary>
    public const int LabelsMax = 32;

    /// <summary>Longest address of a gate, in characters.</summary>
    public const int EndpointLengthMax = 256;

    /// <summary>Longest reason of a sandbox's end, in characters; longer ones are cut.</summary>
    public const int ReasonLengthMax = 256;

    /// <summary>Most sandboxes that an inventory names: those of the plane and those in quarantine.</summary>
    public const int InventoryMax = Limits.SandboxesPerWorkerMax + Limits.QuarantinedPerWorkerMax;

    /// <summary>The first message.</summary>
    public static Commands.WorkerHello Hello(FieldChecks checks, Hello hello)
    {
        checks.Enter("hello");
        checks.Require(hello.ProtocolVersion == ProtocolVersion, "protocol_version", string.Create(CultureInfo.InvariantCulture, $"{hello.ProtocolVersion}, and this plane speaks {ProtocolVersion}"));
        var read = new Commands.WorkerHello(
            checks.Worker("name", hello.Name),
            checks.Identifier("incarnation", hello.Incarnation),
            hello.Zone.Length == 0 ? "" : checks.WellFormedName("zone", hello.Zone),
            checks.Labels("labels", hello.Labels, LabelsMax),
            checks.Range("capacity_memory_mib", hello.CapacityMemoryMib, 1, uint.MaxValue),
            checks.Range("capacity_sandboxes", hello.CapacitySandboxes, 1, uint.MaxValue),
            Endpoint(checks, hello.Endpoint),
            Inventory(checks, "inventory", hello.Inventory));
        checks.Leave();
        return read;
    }

    /// <summary>Any later message, or null if it is of a kind that this version does not know (or a second hello).</summary>
    public static Commands.Command? Later(FieldChecks checks, SessionId session, WorkerMessage message) => message.MessageCase switch
    {
        WorkerMessage.MessageOneofCase.Heartbeat => Heartbeat(checks, session, message.Heartbeat),
        WorkerMessage.MessageOneofCase.SandboxReport => Report(checks, session, message.SandboxReport),
        WorkerMessage.MessageOneofCase.GrantConfirmed => Confirmed(checks, session, message.GrantConfirmed),
        WorkerMessage.MessageOneofCase.FloorAcknowledged => Acknowledged(checks, session, message.FloorAcknowledged),
        WorkerMessage.MessageOneofCase.Inventory =>
            new Commands.InventoryReported(session, Inventory(checks, "inventory.sandboxes", message.Inventory.Sandboxes)),
        _ => null,
    };

    private static Commands.Heartbeat Heartbeat(FieldChecks checks, SessionId session, Heartbeat heartbeat)
    {
        checks.Require(double.IsFinite(heartbeat.Cpu) && heartbeat.Cpu >= 0, "heartbeat.cpu", "not a number of cores");
        checks.Require(double.IsFinite(heartbeat.Cores) && heartbeat.Cores >= 0, "heartbeat.cores", "not a number of cores");
        return new Commands.Heartbeat(session, heartbeat.Cpu, heartbeat.Cores, heartbeat.MemoryUsedMib);
    }

    private static Commands.Command? Report(FieldChecks checks, SessionId session, SandboxReport report)
    {
        var sandbox = checks.Sandbox("sandbox_report.sandbox", report.Sandbox);
        switch (report.EventCase)
        {
            case SandboxReport.EventOneofCase.Ready:
                return new Commands.SandboxBecameReady(session, sandbox);
            case SandboxReport.EventOneofCase.Died:
                var reason = report.Died.Reason;
                return new Commands.SandboxDied(session, sandbox, reason.Length <= ReasonLengthMax ? reason : reason[..ReasonLengthMax]);
            default:
                checks.Fail("sandbox_report.event", "missing, or of a kind that this version does not know");
                return null;
        }
    }

    private static Commands.GrantConfirmed Confirmed(FieldChecks checks, SessionId session, GrantConfirmed confirmed) => new(
        session,
        checks.Sandbox("grant_confirmed.sandbox", confirmed.Sandbox),
        checks.Fence("grant_confirmed.fence", confirmed.Fence));

    private static Commands.FloorAcknowledged Acknowledged(FieldChecks checks, SessionId session, FloorAcknowledged acknowledged) => new(
        session,
        checks.Sandbox("floor_acknowledged.sandbox", acknowledged.Sandbox),
        new SequenceNumber(acknowledged.Floor));

    private static string Endpoint(FieldChecks checks, string endpoint)
    {
        var isHttp = Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
        checks.Require(isHttp && endpoint.Length <= EndpointLengthMax, "endpoint", $"not an http address of at most {EndpointLengthMax} characters");
        return endpoint;
    }

    private static Commands.InventoryItem[] Inventory(FieldChecks checks, string field, RepeatedField<SandboxInventory> sandboxes)
    {
        if (!checks.Count(field, sandboxes.Count, 0, InventoryMax))
        {
            return [];
        }

        var items = new Commands.InventoryItem[sandboxes.Count];
        for (var i = 0; i < items.Length; i++)
        {
            checks.Enter(field, i);
            var state = checks.Known("state", sandboxes[i].State);
            checks.Require(state != SandboxState.Unspecified, "state", "missing");
            items[i] = new Commands.InventoryItem(checks.Sandbox("sandbox", sandboxes[i].Sandbox), (Commands.InventoryState)state, new SequenceNumber(sandboxes[i].HighestPosition));
            checks.Leave();
        }

        return items;
    }
}
