using ControlPlane.Protocol.Liveness;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>
/// Sends one call until it is answered, refused for good, or out of time. The same request object is sent each time, so a
/// retry carries the same ids; what is thrown in the end says whether any attempt may have been applied.
/// </summary>
internal sealed class CallRunner(EndpointCache endpoints, PlaneRoutes routes, RetryPolicy policy, TimeProvider clock)
{
    // An attempt that has less time than this would only hide by its own end why the ones before had failed.
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProbeAfter = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromMilliseconds(400);

    public delegate AsyncUnaryCall<TResponse> Send<TResponse>(Endpoint endpoint, CallOptions options);

    /// <summary>The deadline covers all attempts and the waits between them; whom to ask is decided anew for each, as a refusal may tell more of the plane.</summary>
    public async Task<TResponse> RunAsync<TResponse>(
        CallKind kind, Func<PlaneAddresses> route, TimeSpan deadline, Send<TResponse> send, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var mayBeApplied = false;
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var addresses = route();
            var endpoint = endpoints.Get(addresses.Current);
            var until = clock.GetUtcNow().UtcDateTime + (deadline - clock.GetElapsedTime(started));
            ControlPlaneException failure;
            try
            {
                using var call = send(endpoint, new CallOptions(deadline: until, cancellationToken: cancellation));
                if (addresses.HasOthers)
                {
                    await WaitWhileAliveAsync(call.ResponseAsync, endpoint, cancellation).ConfigureAwait(false);
                }

                return await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                cancellation.ThrowIfCancellationRequested();
                failure = FailureDecoder.Decode(e, endpoint.Address);
            }

            routes.Learn(failure);
            mayBeApplied |= failure.Outcome == CallOutcome.Unknown && kind != CallKind.Read;
            var wait = Turn(route(), endpoint.Address, failure)
                ? TimeSpan.Zero
                : policy.BackoffAfter(attempt, Random.Shared.NextDouble());
            if (!MayTryAgain(kind, failure) || attempt >= policy.AttemptsMax || clock.GetElapsedTime(started) + wait + ShortestAttempt >= deadline)
            {
                throw Settled(kind, failure, mayBeApplied);
            }

            await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the answer; a node whose process hangs is given up long before the deadline, so that another can be asked within it.</summary>
    private async Task WaitWhileAliveAsync(Task answer, Endpoint endpoint, CancellationToken cancellation)
    {
        if (answer.IsCompleted)
        {
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (await Task.WhenAny(answer, Task.Delay(ProbeAfter, clock, over.Token)).ConfigureAwait(false) != answer)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!await NodeProbe.AnswersAsync(endpoint.Invoker, ProbePatience, cancellation).ConfigureAwait(false) && !answer.IsCompleted)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, $"{endpoint.Address} is connected, but its process does not answer"));
            }
        }

        await over.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Chooses whom to ask next; true if there is a fresh hint to follow at once.</summary>
    private static bool Turn(PlaneAddresses addresses, string asked, ControlPlaneException failure)
    {
        if (failure.LeaderHint is { } leader && leader != asked)
        {
            return addresses.Follow(asked, leader);
        }

        if (failure.Code == StatusCode.Unavailable || failure.Outcome == CallOutcome.Unreachable)
        {
            addresses.MoveOn(asked);
        }

        return false;
    }

    private static bool MayTryAgain(CallKind kind, ControlPlaneException failure) => failure.Outcome switch
    {
        CallOutcome.Unreachable => true,
        CallOutcome.Refused => failure.Reason == ErrorReason.NotLeader,
        CallOutcome.Unknown => kind != CallKind.Once && failure.Code != StatusCode.DeadlineExceeded,
        _ => false,
    };

    private static ControlPlaneException Settled(CallKind kind, ControlPlaneException failure, bool mayBeApplied)
    {
        if (kind == CallKind.Read)
        {
            return failure.Outcome == CallOutcome.Unknown ? failure.With(CallOutcome.Unreachable) : failure;
        }

        return mayBeApplied && failure.SpeaksOfThisAttemptOnly ? failure.With(CallOutcome.Unknown) : failure;
    }
}
