using System.Collections.Concurrent;
using System.Diagnostics;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using ControlPlane.Verification.Histories;
using Lease = ControlPlane.Protocol.V1.Lease;

namespace ControlPlane.Cpctl;

/// <summary>
/// Clients that allocate and release without a pause through whatever happens to the nodes, each through the client library as a user would; every
/// call is recorded for the checkers. What a client did not learn it asks again with the same request id, until it knows.
/// </summary>
internal sealed class FailoverLoad(IReadOnlyList<string> addresses, string function, int clients) : IAsyncDisposable
{
    private const string Tenant = "failover";
    private const int InvokeEvery = 8;

    private static readonly TimeSpan Ttl = TimeSpan.FromHours(1);
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(20);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Acknowledgement> _acknowledged = new();
    private Task _running = Task.CompletedTask;

    /// <summary>All that the clients did.</summary>
    public LeaseHistory History { get; } = new();

    /// <summary>Now, on the clock of the history.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The allocations that were acknowledged, in order.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledged => [.. _acknowledged];

    /// <summary>How many were acknowledged.</summary>
    public int Count => _acknowledged.Count;

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(RunAsync)));

    /// <summary>Everything that is held now, as the plane says; part of the history.</summary>
    public async Task<int> ListAsync(CancellationToken cancellation)
    {
        using var client = NewClient();
        var invoked = Now;
        var held = new List<GrantedLease>();
        ListLeasesResponse page;
        Primitives.LeaseId? after = null;
        do
        {
            page = await client.ListLeasesAsync(new ListLeasesRequest { Tenant = Tenant, After = after?.ToWire() }, cancellation);
            held.AddRange(page.Leases.Select(Granted));
            after = held.Count > 0 ? held[^1].Id : null;
        }
        while (page.More);
        History.Add(new ListOperation(invoked, Now, held));
        return held.Count;
    }

    /// <summary>Lets the clients give everything back and end.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static GrantedLease Granted(Lease lease) =>
        new(lease.Id.ToPrimitive(), lease.Sandbox.ToPrimitive(), lease.Fence.ToPrimitive(), TimeSpan.FromMilliseconds(lease.TtlMs));

    private ControlPlaneClient NewClient() =>
        new(new ControlPlaneClientOptions { Addresses = addresses, Tenant = Tenant, Deadline = TimeSpan.FromSeconds(10) });

    private async Task RunAsync()
    {
        using var client = NewClient();
        for (var round = 0; !_stop.IsCancellationRequested; round++)
        {
            var lease = await AllocateAsync(client);
            if (round % InvokeEvery == 0)
            {
                await InvokeAsync(lease);
            }

            await Task.Delay(Hold, CancellationToken.None);
            await ReleaseAsync(client, lease.Lease);
        }
    }

    private async Task<LeaseHandle> AllocateAsync(ControlPlaneClient client)
    {
        var request = NewIdentifier.Request();
        while (true)
        {
            var invoked = Now;
            try
            {
                var lease = await client.AllocateAsync(new Allocation(function) { RequestId = request, Ttl = Ttl, MaxWait = TimeSpan.FromSeconds(5) }, CancellationToken.None);
                var completed = Now;
                if (lease.Lease.Replayed)
                {
                    // The library had sent it before, and lost the answer: for the checkers these are two attempts.
                    History.Add(new AllocateOperation(invoked, completed, OperationOutcome.Unknown, request, [], false));
                }

                History.Add(new AllocateOperation(invoked, completed, OperationOutcome.Ok, request, [Granted(lease.Lease)], lease.Lease.Replayed));
                _acknowledged.Enqueue(new Acknowledgement(completed, lease.Lease.Warm));
                return lease;
            }
            catch (ControlPlaneException failure)
            {
                History.Add(new AllocateOperation(invoked, Now, OutcomeOf(failure), request, [], false));
            }
        }
    }

    private async Task ReleaseAsync(ControlPlaneClient client, Lease lease)
    {
        while (true)
        {
            var invoked = Now;
            try
            {
                await client.ReleaseAsync(new LeaseRef { Id = lease.Id, Fence = lease.Fence }, CancellationToken.None);
                History.Add(new ReleaseOperation(invoked, Now, OperationOutcome.Ok, lease.Id.ToPrimitive()));
                return;
            }
            catch (ControlPlaneException failure)
            {
                var outcome = OutcomeOf(failure);
                History.Add(new ReleaseOperation(invoked, Now, outcome, lease.Id.ToPrimitive()));
                if (outcome == OperationOutcome.Denied)
                {
                    // An earlier attempt, whose answer was lost, had released it; or it was lost, which the checkers find.
                    return;
                }
            }
        }
    }

    private async Task InvokeAsync(LeaseHandle lease)
    {
        var invoked = Now;
        var outcome = OperationOutcome.Ok;
        try
        {
            await lease.InvokeAsync("{}"u8.ToArray(), cancellation: CancellationToken.None);
        }
        catch (ControlPlaneException failure)
        {
            outcome = OutcomeOf(failure);
        }

        History.Add(new InvokeOperation(invoked, Now, outcome, lease.Sandbox, lease.Fence));
    }

    private static OperationOutcome OutcomeOf(ControlPlaneException failure) => failure switch
    {
        { Outcome: CallOutcome.Refused, Code: Grpc.Core.StatusCode.FailedPrecondition or Grpc.Core.StatusCode.NotFound } => OperationOutcome.Denied,
        { Outcome: CallOutcome.Refused or CallOutcome.Unreachable } => OperationOutcome.Refused,
        _ => OperationOutcome.Unknown,
    };

    /// <summary>An allocation that was acknowledged.</summary>
    /// <param name="At">When, on the history's clock.</param>
    /// <param name="Warm">True if the sandbox was there already.</param>
    internal readonly record struct Acknowledgement(TimeSpan At, bool Warm);
}
