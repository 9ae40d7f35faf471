using System.Runtime.CompilerServices;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>
/// Keeps a server stream open: when it breaks, dials again from the position after the last message. Gives up when nothing was
/// received for the configured time of reconnecting, and at once on an answer that dialling again cannot change.
/// </summary>
internal sealed class StreamFollower(EndpointCache endpoints, ControlPlaneClientOptions options)
{
    /// <summary>The node that a stream would be opened to now.</summary>
    public Endpoint EndpointOf(PlaneAddresses addresses) => endpoints.Get(addresses.Current);

    /// <summary>Messages from <paramref name="next"/> on; <paramref name="advance"/> answers the position after a message.</summary>
    public async IAsyncEnumerable<TMessage> FollowAsync<TMessage>(
        PlaneAddresses addresses,
        ulong next,
        Func<Endpoint, ulong, CallOptions, AsyncServerStreamingCall<TMessage>> open,
        Func<TMessage, ulong> advance,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var failures = 0;
        long brokenSince = 0;
        while (true)
        {
            var endpoint = EndpointOf(addresses);
            using var call = open(endpoint, next, new CallOptions(cancellationToken: cancellation));
            ControlPlaneException? failure = null;
            while (failure is null)
            {
                var more = false;
                try
                {
                    more = await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false);
                }
                catch (RpcException e)
                {
                    cancellation.ThrowIfCancellationRequested();
                    failure = FailureDecoder.Decode(e, endpoint.Address);
                }

                if (more)
                {
                    failures = 0;
                    var message = call.ResponseStream.Current;
                    next = advance(message);
                    yield return message;
                }
                else
                {
                    // A server that ends the stream in good order is going away: the same as a broken connection.
                    failure ??= new ControlPlaneException(
                        CallOutcome.Unknown, StatusCode.Unavailable, ErrorReason.Unspecified, $"{endpoint.Address} ended the stream");
                }
            }

            brokenSince = failures++ == 0 ? options.Clock.GetTimestamp() : brokenSince;
            if (options.Clock.GetElapsedTime(brokenSince) > options.ReconnectWithin || !TryTurn(addresses, failure, endpoint.Address, failures, out var wait))
            {
                throw failure.Outcome == CallOutcome.Unknown ? failure.With(CallOutcome.Unreachable) : failure;
            }

            await Task.Delay(wait, options.Clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Chooses whom to dial next, and when; false if dialling again cannot change the answer.</summary>
    public bool TryTurn(PlaneAddresses addresses, ControlPlaneException failure, string asked, int failures, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (failure.Outcome is not (CallOutcome.Unknown or CallOutcome.Unreachable) && failure.Reason != ErrorReason.NotLeader)
        {
            return false;
        }

        if (failure.LeaderHint is { } leader && leader != asked)
        {
            wait = addresses.Follow(asked, leader) ? TimeSpan.Zero : Backoff(failures);
            return true;
        }

        addresses.MoveOn(asked);
        wait = Backoff(failures);
        return true;
    }

    private TimeSpan Backoff(int failures) => options.Retry.BackoffAfter(failures, Random.Shared.NextDouble());
}
