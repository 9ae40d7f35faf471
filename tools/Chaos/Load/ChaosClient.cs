using System.Globalization;
using System.Text;
using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Scenarios;
using ControlPlane.Verification.Histories;
using Lease = ControlPlane.Protocol.V1.Lease;
using LeaseId = ControlPlane.Primitives.LeaseId;

namespace ControlPlane.Chaos.Load;

/// <summary>
/// One client: it calls through the client library as a user would, and records every call. What it did not learn it asks again with the same
/// request id, until it knows.
/// </summary>
internal sealed class ChaosClient(int number, string tenant, ControlPlaneClient client, Scenario scenario, RunRecorder recorder)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(20);

    private readonly Workload _workload = scenario.Workload;
    private readonly JournalClient _journal = client.Journal(ChaosCluster.Journal);
    private readonly string _stream = string.Create(CultureInfo.InvariantCulture, $"client-{number}");
    private long _draws;
    private long _entries;

    /// <summary>One round. What is left open is settled even when <paramref name="stop"/> says to end, unless <paramref name="giveUp"/> does.</summary>
    public async Task RoundAsync(CancellationToken stop, CancellationToken giveUp)
    {
        if (await AllocateAsync(giveUp) is not { } handle)
        {
            await PauseAsync(stop);
            return;
        }

        var mix = _workload.Mix;
        if (Chance(mix.Append))
        {
            await AppendAsync(giveUp);
        }

        if (Chance(mix.Invoke))
        {
            await InvokeAsync(handle, giveUp);
        }

        if (Chance(mix.Renew))
        {
            await RenewAsync(handle.Lease, giveUp);
        }

        if (Chance(mix.Lookup))
        {
            await LookupAsync(handle.Lease, giveUp);
        }

        await Task.Delay(_workload.Hold, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Chance(mix.Release))
        {
            await ReleaseAsync(handle.Lease, giveUp);
        }
    }

    internal static LeaseRecord Granted(Lease lease) =>
        new(lease.Id.ToPrimitive().ToString(), lease.Sandbox.ToPrimitive().ToString(), lease.Fence.ToPrimitive().ToString(), lease.TtlMs);

    private async Task<LeaseHandle?> AllocateAsync(CancellationToken giveUp)
    {
        var request = new RequestId(UInt128.Parse(Guid.NewGuid().ToString("N"), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        var function = ChaosLoad.FunctionName(Draws.Below((int)_workload.Functions, scenario.Seed, _stream, _draws++));
        var allocation = new Allocation(function) { RequestId = request, Ttl = _workload.Ttl, MaxWait = MaxWait };
        while (!giveUp.IsCancellationRequested)
        {
            var call = New(OperationKind.Allocate) with { Request = request.ToString() };
            try
            {
                var handle = await client.AllocateAsync(allocation, giveUp);
                var done = Done(call, OperationOutcome.Ok) with { Leases = [Granted(handle.Lease)], Replayed = handle.Lease.Replayed, Warm = handle.Lease.Warm };
                if (handle.Lease.Replayed)
                {
                    // The library had sent it before, and lost the answer: for the checkers these are two attempts.
                    recorder.Add(done with { Outcome = OperationOutcome.Unknown, Leases = null, Replayed = null, Warm = null, Reason = "answer lost, sent again by the library" });
                }

                recorder.Add(done);
                return handle;
            }
            catch (ControlPlaneException failure)
            {
                recorder.Add(Failed(call, failure));
                if (failure.Outcome == CallOutcome.Refused)
                {
                    return null;
                }

                await PauseAsync(giveUp);
            }
            catch (OperationCanceledException)
            {
                recorder.Add(Done(call, OperationOutcome.Unknown, "given up"));
            }
        }

        return null;
    }

    private async Task ReleaseAsync(Lease lease, CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested)
        {
            var outcome = await CallAsync(
                New(OperationKind.Release) with { Lease = LeaseOf(lease).ToString() },
                () => client.ReleaseAsync(new LeaseRef { Id = lease.Id, Fence = lease.Fence }, giveUp));
            if (outcome is OperationOutcome.Ok or OperationOutcome.Denied)
            {
                // Denied: an earlier attempt, whose answer was lost, had released it; or it was lost, which the checkers find.
                return;
            }

            await PauseAsync(giveUp);
        }
    }

    private Task<OperationOutcome> RenewAsync(Lease lease, CancellationToken giveUp) => CallAsync(
        New(OperationKind.Renew) with { Lease = LeaseOf(lease).ToString(), TtlMs = (long)_workload.Ttl.TotalMilliseconds },
        () => client.RenewAsync(new RenewRequest.Types.Item { Lease = new LeaseRef { Id = lease.Id, Fence = lease.Fence }, TtlMs = (long)_workload.Ttl.TotalMilliseconds }, giveUp));

    private async Task InvokeAsync(LeaseHandle handle, CancellationToken giveUp)
    {
        var call = New(OperationKind.Invoke) with { Sandbox = handle.Sandbox.ToString(), Token = handle.Fence.ToString() };
        var payload = string.Create(CultureInfo.InvariantCulture, $"{_stream} {_draws++} {handle.Id}");
        var isWrong = false;
        await CallAsync(
            call,
            async () =>
            {
                var answer = await handle.InvokeAsync(Encoding.ASCII.GetBytes(payload), _workload.Deadline, giveUp);
                isWrong = answer.Payload.ToStringUtf8() != payload;
            },
            () => isWrong ? "wrong answer" : null);
    }

    private async Task LookupAsync(Lease lease, CancellationToken giveUp)
    {
        var call = New(OperationKind.Lookup) with { Request = Convert.ToHexStringLower(lease.RequestId.Span) };
        try
        {
            var answer = await client.LookupAsync(new RequestId(UInt128.Parse(call.Request!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)), giveUp);
            recorder.Add(Done(call, OperationOutcome.Ok) with
            {
                Reason = answer.State.ToString(),
                Leases = answer.State == LookupRequestResponse.Types.State.Held ? [.. answer.Leases.Select(Granted)] : null,
            });
        }
        catch (ControlPlaneException failure)
        {
            recorder.Add(Failed(call, failure));
        }
        catch (OperationCanceledException)
        {
            recorder.Add(Done(call, OperationOutcome.Unknown, "given up"));
        }
    }

    private async Task AppendAsync(CancellationToken giveUp)
    {
        var entry = string.Create(CultureInfo.InvariantCulture, $"{_stream}/{_entries++}");
        var payload = Encoding.ASCII.GetBytes(entry.PadRight((int)_workload.AppendBytes));
        var call = New(OperationKind.Append) with { Entry = entry };
        try
        {
            var answer = await _journal.AppendAsync([payload], cancellation: giveUp);
            recorder.Add(answer.Ok is { } ok
                ? Done(call, OperationOutcome.Ok) with { Position = ok.Last }
                : Done(call, OperationOutcome.Refused, answer.ResultCase.ToString()));
        }
        catch (ControlPlaneException failure)
        {
            recorder.Add(Failed(call, failure));
        }
        catch (OperationCanceledException)
        {
            recorder.Add(Done(call, OperationOutcome.Unknown, "given up"));
        }
    }

    private async Task<OperationOutcome> CallAsync(Operation call, Func<Task> send, Func<string?>? reason = null)
    {
        Operation done;
        try
        {
            await send();
            done = Done(call, OperationOutcome.Ok, reason?.Invoke());
        }
        catch (ControlPlaneException failure)
        {
            done = Failed(call, failure);
        }
        catch (OperationCanceledException)
        {
            done = Done(call, OperationOutcome.Unknown, "given up");
        }

        recorder.Add(done);
        return done.Outcome;
    }

    private static Task PauseAsync(CancellationToken stop) => Task.Delay(AfterRefusal, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private Operation New(OperationKind kind) => new() { Kind = kind, From = recorder.Clock.Now, Client = number, Tenant = tenant };

    private Operation Done(Operation call, OperationOutcome outcome, string? reason = null) => call with { To = recorder.Clock.Now, Outcome = outcome, Reason = reason };

    private Operation Failed(Operation call, ControlPlaneException failure) => Done(call, CallOutcomes.Of(failure), CallOutcomes.ReasonOf(failure));

    private bool Chance(double share) => share > 0 && Draws.Share(scenario.Seed, _stream, _draws++) < share;

    private static LeaseId LeaseOf(Lease lease) => lease.Id.ToPrimitive();
}
