using System.Text.Json.Serialization;
using ControlPlane.Client;
using Spectre.Console.Rendering;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>One lease. <c>lease</c> is what other commands take; it is left out where the plane did not tell the fence.</summary>
internal sealed record LeaseView(string Id, string? Lease, string Sandbox, string Function, uint Version, string Worker, string Endpoint, long TtlMs) : View
{
    public string? Fence { get; init; }

    public string Tenant { get; init; } = "";

    public string RequestId { get; init; } = "";

    public bool Warm { get; init; }

    public string ChosenBecause { get; init; } = "";

    public bool Replayed { get; init; }

    public bool Confirmed { get; init; }

    public uint RenewSequence { get; init; }

    public ulong CommitPosition { get; init; }

    [JsonIgnore]
    public string State => Confirmed ? "confirmed" : "granted";

    public static LeaseView Of(Wire.Lease lease)
    {
        var fenced = lease.Fence is { Position: > 0 };
        return new LeaseView(
            lease.Id.ToPrimitive().ToString(),
            fenced ? LeaseReference.Of(lease).ToString() : null,
            lease.Sandbox.ToPrimitive().ToString(),
            lease.Function,
            lease.FunctionVersion,
            lease.Worker,
            lease.Endpoint,
            lease.TtlMs)
        {
            Fence = fenced ? lease.Fence!.ToPrimitive().ToString() : null,
            Tenant = lease.Tenant,
            RequestId = Primitives.RequestId.TryRead(lease.RequestId.Span, out var id) ? id.ToString() : "",
            Warm = lease.Warm,
            ChosenBecause = lease.ChosenBecause,
            Replayed = lease.Replayed,
            Confirmed = lease.Confirmed,
            RenewSequence = lease.RenewSequence,
            CommitPosition = lease.CommitPosition,
        };
    }

    public override IRenderable Render() => Layout.Properties(
        ("lease", Lease ?? Id),
        ("function", $"{Function} v{Version}"),
        ("sandbox", $"{Sandbox} on {Worker} at {Endpoint}"),
        ("chosen", ChosenBecause),
        ("ttl", Duration.FromMilliseconds(TtlMs).ToString()),
        ("request", RequestId + (Replayed ? " (the same answer as before)" : "")),
        ("committed", $"up to {CommitPosition}"));
}
