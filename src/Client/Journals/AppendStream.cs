using System.Threading.Channels;
using ControlPlane.Protocol.Liveness;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>The stream below a <see cref="JournalAppender"/>: opened when there is something to send, to whoever is believed to be the writer, again and again.</summary>
/// <remarks>One task runs it. Answers come in the order of the requests, so the queue of what was sent says whose an answer is.</remarks>
internal sealed class AppendStream(
    StreamFollower streams,
    PlaneAddresses addresses,
    ControlPlaneClientOptions options,
    ChannelReader<PendingAppend> unsent,
    Action released)
{
    private static readonly TimeSpan ProbeAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromMilliseconds(750);

    // So that an answer need not wait for a long message to arrive; one large append may be alone in a larger one.
    private const int TogetherMax = 64;
    private const int TogetherBytesMax = 256 * 1024;

    private readonly Lock _lock = new();
    private Queue<(PendingAppend Append, bool SentBefore)> _sent = [];
    private int _failures;

    /// <summary>Why the last stream ended; null while all is well.</summary>
    public ControlPlaneException? LastFailure { get; private set; }

    /// <summary>Serves until nothing more will come and everything is answered, or <paramref name="abandoned"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken abandoned)
    {
        try
        {
            while (await HasWorkAsync(abandoned).ConfigureAwait(false))
            {
                var endpoint = streams.EndpointOf(addresses);
                if (await ServeAsync(endpoint, abandoned).ConfigureAwait(false) is { } failure)
                {
                    await SettleAsync(failure, endpoint, abandoned).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            // The appender is disposed and has waited long enough.
        }

        Drop(_ => true, LastFailure ?? new(CallOutcome.Unknown, StatusCode.Cancelled, ErrorReason.Unspecified, "the appender was disposed before an answer came"));
    }

    private async ValueTask<bool> HasWorkAsync(CancellationToken abandoned)
    {
        Drop(append => append.IsOver, null);
        return _sent.Count > 0 || await unsent.WaitToReadAsync(abandoned).ConfigureAwait(false);
    }

    /// <summary>One stream from its opening to its end; null if there was nothing left to do.</summary>
    private async Task<ControlPlaneException?> ServeAsync(Endpoint endpoint, CancellationToken abandoned)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        using var call = endpoint.Journal.AppendStream(new CallOptions(cancellationToken: broken.Token));
        var sending = SendAsync(call.RequestStream, broken.Token);
        var watching = addresses.HasOthers ? WatchAsync(endpoint, broken) : Task.CompletedTask;
        ControlPlaneException? failure = null;
        try
        {
            while (failure is null && await call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                (_failures, LastFailure) = (0, null);
                failure = Answer(call.ResponseStream.Current, endpoint);
            }
        }
        catch (RpcException e)
        {
            abandoned.ThrowIfCancellationRequested();
            failure = FailureDecoder.Decode(e, endpoint.Address);
        }
        finally
        {
            await broken.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        // A server that ends the stream in good order while something is unanswered is going away.
        return failure is null && (_sent.Count > 0 || !unsent.Completion.IsCompleted)
            ? new(CallOutcome.Unknown, StatusCode.Unavailable, ErrorReason.Unspecified, $"{endpoint.Address} ended the stream")
            : failure;
    }

    private ControlPlaneException? Answer(AppendStreamResponse response, Endpoint endpoint)
    {
        foreach (var answer in response.Answers)
        {
            if (First() is null)
            {
                return new(CallOutcome.Unknown, StatusCode.Internal, ErrorReason.Unspecified, $"{endpoint.Address} answered more appends than it was sent");
            }

            Take().Answered(answer);
        }

        return null;
    }

    private async Task SendAsync(IClientStreamWriter<AppendStreamRequest> requests, CancellationToken broken)
    {
        try
        {
            foreach (var again in Messages(_sent.Select(sent => sent.Append).ToList()))
            {
                await requests.WriteAsync(again, broken).ConfigureAwait(false);
            }

            while (await unsent.WaitToReadAsync(broken).ConfigureAwait(false))
            {
                foreach (var message in Messages(Take(unsent)))
                {
                    await requests.WriteAsync(message, broken).ConfigureAwait(false);
                }
            }

            await requests.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception broke) when (broke is RpcException or OperationCanceledException or InvalidOperationException)
        {
            // The answers' side ends as well, and knows why.
        }
    }

    private IEnumerable<PendingAppend> Take(ChannelReader<PendingAppend> from)
    {
        while (from.TryRead(out var append))
        {
            if (Send(append))
            {
                yield return append;
            }
        }
    }

    /// <summary>What waits together goes together, as far as a message may hold it.</summary>
    private static IEnumerable<AppendStreamRequest> Messages(IEnumerable<PendingAppend> appends)
    {
        var message = new AppendStreamRequest();
        var bytes = 0;
        foreach (var append in appends)
        {
            var size = append.Request.CalculateSize();
            if (message.Appends.Count == TogetherMax || (message.Appends.Count > 0 && bytes + size > TogetherBytesMax))
            {
                yield return message;
                (message, bytes) = (new AppendStreamRequest(), 0);
            }

            message.Appends.Add(append.Request);
            bytes += size;
        }

        if (message.Appends.Count > 0)
        {
            yield return message;
        }
    }

    private bool Send(PendingAppend append)
    {
        if (append.IsOver)
        {
            released();
            return false;
        }

        append.Sending();
        lock (_lock)
        {
            _sent.Enqueue((append, false));
        }

        return true;
    }

    private PendingAppend Take()
    {
        lock (_lock)
        {
            var (append, _) = _sent.Dequeue();
            released();
            return append;
        }
    }

    /// <summary>After a stream has broken: one append is refused for good, or all are sent again, elsewhere or a little later.</summary>
    private async Task SettleAsync(ControlPlaneException failure, Endpoint endpoint, CancellationToken abandoned)
    {
        LastFailure = failure;
        _failures++;
        if (streams.TryTurn(addresses, failure, endpoint.Address, _failures, out var wait))
        {
            lock (_lock)
            {
                _sent = new(_sent.Select(sent => (sent.Append, true)));
            }

            await Task.Delay(wait, options.Clock, abandoned).ConfigureAwait(false);
        }
        else if (_sent.Count > 0)
        {
            // Everything before it was answered: this speaks of the first.
            var sentBefore = _sent.Peek().SentBefore;
            Take().Failed(failure, sentBefore);
        }
    }

    /// <summary>Removes what is over, or all.</summary>
    private void Drop(Func<PendingAppend, bool> which, ControlPlaneException? failure)
    {
        lock (_lock)
        {
            var kept = new Queue<(PendingAppend, bool)>(_sent.Count);
            foreach (var sent in _sent)
            {
                if (!which(sent.Append))
                {
                    kept.Enqueue(sent);
                    continue;
                }

                if (failure is not null)
                {
                    sent.Append.Failed(failure.With(CallOutcome.Unknown), sent.SentBefore);
                }

                released();
            }

            _sent = kept;
        }

        while (failure is not null && unsent.TryRead(out var append))
        {
            append.Failed(failure.With(CallOutcome.Unreachable), sentBefore: false);
            released();
        }
    }

    /// <summary>A node whose process hangs keeps its connections open: when nothing is answered for a while, it is asked whether it lives.</summary>
    private async Task WatchAsync(Endpoint endpoint, CancellationTokenSource broken)
    {
        try
        {
            using var timer = new PeriodicTimer(ProbeAfter, options.Clock);
            PendingAppend? before = null;
            while (await timer.WaitForNextTickAsync(broken.Token).ConfigureAwait(false))
            {
                var first = First();
                if (first is not null && first == before
                    && !await NodeProbe.AnswersAsync(endpoint.Invoker, ProbePatience, broken.Token).ConfigureAwait(false)
                    && First() == first)
                {
                    await broken.CancelAsync().ConfigureAwait(false);
                }

                before = first;
            }
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            // The stream has ended.
        }
    }

    private PendingAppend? First()
    {
        lock (_lock)
        {
            return _sent.TryPeek(out var first) ? first.Append : null;
        }
    }
}
