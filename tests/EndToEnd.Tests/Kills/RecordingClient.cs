using System.Diagnostics;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Tests;
using ControlPlane.Verification.Histories;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.EndToEnd.Tests.Kills;

/// <summary>
/// One attempt per call, no retries of its own, every call recorded with its times and with what was truly learned. The client library would
/// repeat lost calls and so hide what this test wants to see. Serves one incarnation of the process.
/// </summary>
internal sealed class RecordingClient(string address, LeaseHistory history, Stopwatch clock) : IDisposable
{
    public const string Tenant = "load";
    private const string Function = Harness.EchoFunction.Name;
    private static readonly TimeSpan Ttl = TimeSpan.FromHours(1);

    private readonly GrpcChannel _plane = PlainChannel.To(address);
    private readonly Dictionary<string, GrpcChannel> _gates = [];
    private readonly Lock _lock = new();

    public Allocator.AllocatorClient Allocator => field ??= new(_plane);

    public Operator.OperatorClient Operator => field ??= new(_plane);

    public Inspect.InspectClient Inspect => field ??= new(_plane);

    /// <summary>Called after each recorded call.</summary>
    public Action Answered { get; init; } = () => { };

    /// <summary>The lease of a request, or null if it was refused or nothing was learned.</summary>
    public async Task<Lease?> AllocateAsync(RequestId request)
    {
        var wire = new AllocateRequest
        {
            RequestId = ByteString.CopyFrom(request.ToByteArray()),
            Tenant = Tenant,
            Function = Function,
            ColdPolicy = ColdPolicy.Allow,
            MaxWaitMs = 20_000,
            TtlMs = (long)Ttl.TotalMilliseconds,
        };
        var invoked = clock.Elapsed;
        var (outcome, answer) = await SendAsync(Allocator.AllocateAsync(wire, Patience()));
        var lease = answer?.Leases.Single();
        Record(new AllocateOperation(invoked, clock.Elapsed, outcome, request, lease is null ? [] : [Granted(lease)], lease?.Replayed ?? false));
        return lease;
    }

    public async Task RenewAsync(Lease lease)
    {
        var wire = new RenewRequest { Tenant = Tenant, Items = { new RenewRequest.Types.Item { Lease = Reference(lease), TtlMs = (long)Ttl.TotalMilliseconds } } };
        var invoked = clock.Elapsed;
        var (outcome, answer) = await SendAsync(Allocator.RenewAsync(wire, Patience()));
        Record(new RenewOperation(invoked, clock.Elapsed, Of(outcome, answer?.Items.Single().Refused), lease.Id.ToPrimitive(), Ttl));
    }

    public async Task<OperationOutcome> ReleaseAsync(Lease lease)
    {
        var wire = new ReleaseRequest { Tenant = Tenant, Leases = { Reference(lease) } };
        var invoked = clock.Elapsed;
        var (outcome, answer) = await SendAsync(Allocator.ReleaseAsync(wire, Patience()));
        outcome = Of(outcome, answer?.Items.Single().Refused);
        Record(new ReleaseOperation(invoked, clock.Elapsed, outcome, lease.Id.ToPrimitive()));
        return outcome;
    }

    /// <summary>Runs one invocation at the gate; the failure if there was one.</summary>
    public async Task<RpcException?> InvokeAsync(Lease lease)
    {
        var wire = new InvokeRequest { Sandbox = lease.Sandbox, Fence = lease.Fence, Tenant = Tenant, Payload = ByteString.CopyFromUtf8("hello") };
        var invoked = clock.Elapsed;
        RpcException? failure = null;
        try
        {
            await new Gate.GateClient(GateAt(lease.Endpoint)).InvokeAsync(wire, Patience());
        }
        catch (RpcException e)
        {
            failure = e;
        }

        Record(new InvokeOperation(
            invoked, clock.Elapsed, failure is null ? OperationOutcome.Ok : OutcomeOf(failure), lease.Sandbox.ToPrimitive(), lease.Fence.ToPrimitive()));
        return failure;
    }

    /// <summary>Everything that the plane says is held.</summary>
    public async Task<IReadOnlyList<Lease>> ListAsync()
    {
        var invoked = clock.Elapsed;
        var leases = new List<Lease>();
        ListLeasesResponse page;
        do
        {
            page = await Allocator.ListLeasesAsync(new ListLeasesRequest { Tenant = Tenant, After = leases.LastOrDefault()?.Id }, Patience());
            leases.AddRange(page.Leases);
        }
        while (page.More);
        Record(new ListOperation(invoked, clock.Elapsed, [.. leases.Select(Granted)]));
        return leases;
    }

    public void Dispose()
    {
        _plane.Dispose();
        foreach (var gate in _gates.Values)
        {
            gate.Dispose();
        }
    }

    public static CallOptions Patience() => new(deadline: DateTime.UtcNow + Harness.Eventually.Patience);

    private static LeaseRef Reference(Lease lease) => new() { Id = lease.Id, Fence = lease.Fence };

    private static GrantedLease Granted(Lease lease) => new(
        lease.Id.ToPrimitive(), lease.Sandbox.ToPrimitive(), lease.Fence.ToPrimitive(), TimeSpan.FromMilliseconds(lease.TtlMs));

    private static async Task<(OperationOutcome Outcome, T? Answer)> SendAsync<T>(AsyncUnaryCall<T> call)
        where T : class
    {
        using (call)
        {
            try
            {
                return (OperationOutcome.Ok, await call);
            }
            catch (RpcException failure)
            {
                return (OutcomeOf(failure), null);
            }
        }
    }

    private static OperationOutcome Of(OperationOutcome outcome, Refusal? refusal) =>
        refusal is null ? outcome : OutcomeOf((StatusCode)refusal.Code, refusal.Message);

    private static OperationOutcome OutcomeOf(RpcException failure) => OutcomeOf(failure.StatusCode, failure.Status.Detail);

    private static OperationOutcome OutcomeOf(StatusCode code, string detail) => code switch
    {
        StatusCode.FailedPrecondition or StatusCode.NotFound => OperationOutcome.Denied,
        StatusCode.ResourceExhausted => OperationOutcome.Refused,
        StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal or StatusCode.Unknown => OperationOutcome.Unknown,
        _ => throw new InvalidOperationException($"The load never provokes {code}: {detail}"),
    };

    private GrpcChannel GateAt(string endpoint)
    {
        lock (_lock)
        {
            return _gates.TryGetValue(endpoint, out var gate) ? gate : _gates[endpoint] = PlainChannel.To(endpoint);
        }
    }

    private void Record(LeaseOperation operation)
    {
        history.Add(operation);
        Answered();
    }
}
