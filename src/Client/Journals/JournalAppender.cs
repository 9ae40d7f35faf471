using System.Threading.Channels;
using ControlPlane.Protocol.V1;
using Google.Protobuf;

namespace ControlPlane.Client;

/// <summary>
/// Many appends at a time over one stream. Guarantee: each is answered as <see cref="JournalClient.AppendAsync"/> would answer it and applied once,
/// however often the stream has to be opened anew; while a stream lives, appends are judged in the order in which they were begun. When it breaks, those
/// that were not answered are sent again in that order, each with its id; one that a later one overtook meanwhile keeps the position that it got. Who
/// needs an order over lost connections sets <see cref="AppendOptions.ExpectedTail"/> or awaits each append.
/// </summary>
/// <remarks>
/// Thread-safe. At most <see cref="UnansweredMax"/> appends are unanswered; further ones wait, within their deadline. The journal remembers 1,024
/// appends of a client, so whatever is sent again is recognised.
/// </remarks>
public sealed class JournalAppender : IAsyncDisposable
{
    /// <summary>How many appends may be unanswered at a time.</summary>
    public const int UnansweredMax = 512;

    private readonly string _journal;
    private readonly ControlPlaneClientOptions _options;
    private readonly ByteString _clientId = ByteString.CopyFrom(NewIdentifier.Client().ToByteArray());
    private readonly SemaphoreSlim _room = new(UnansweredMax);
    private readonly Channel<PendingAppend> _unsent = Channel.CreateUnbounded<PendingAppend>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Lock _order = new();
    private readonly AppendStream _stream;
    private readonly Task _running;
    private ulong _lastSequence;

    internal JournalAppender(string journal, StreamFollower streams, PlaneAddresses addresses, ControlPlaneClientOptions options)
    {
        _journal = journal;
        _options = options;
        _stream = new AppendStream(streams, addresses, options, _unsent.Reader, () => _room.Release());
        _running = Task.Run(() => _stream.RunAsync(_abandoned.Token));
    }

    /// <summary>
    /// Appends entries atomically. A failed condition is an answer, has no effect and says what is true. Throws with
    /// <see cref="CallOutcome.Unknown"/> if the deadline passes without an answer. Cancelling ends the wait, not an append that was sent.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The appender was disposed.</exception>
    public async Task<AppendResponse> AppendAsync(
        IEnumerable<ReadOnlyMemory<byte>> entries, AppendOptions? conditions = null, CancellationToken cancellation = default)
    {
        var started = _options.Clock.GetTimestamp();
        if (!await _room.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
        {
            await WaitForRoomAsync(cancellation).ConfigureAwait(false);
        }

        var append = Begin(entries, conditions);
        try
        {
            return await append.Answer.WaitAsync(Remaining(started), _options.Clock, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!append.Answer.IsCompleted)
        {
            throw append.TimedOut(_stream.LastFailure);
        }
        finally
        {
            append.GiveUp();
        }
    }

    /// <summary>Waits, for at most one deadline, until everything begun is answered; what then is not fails with <see cref="CallOutcome.Unknown"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_unsent.Writer.TryComplete())
        {
            await _running.ConfigureAwait(false);
            return;
        }

        await Task.WhenAny(_running, Task.Delay(_options.Deadline, _options.Clock)).ConfigureAwait(false);
        await _abandoned.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _abandoned.Dispose();
        _room.Dispose();
    }

    private PendingAppend Begin(IEnumerable<ReadOnlyMemory<byte>> entries, AppendOptions? conditions)
    {
        lock (_order)
        {
            var append = new PendingAppend(AppendRequests.New(_journal, _clientId, _lastSequence + 1, entries, conditions));
            ObjectDisposedException.ThrowIf(!_unsent.Writer.TryWrite(append), this);
            _lastSequence++;
            return append;
        }
    }

    private async Task WaitForRoomAsync(CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_options.Deadline, _options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            await _room.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw PendingAppend.NoRoom(_stream.LastFailure);
        }
    }

    private TimeSpan Remaining(long started)
    {
        var remaining = _options.Deadline - _options.Clock.GetElapsedTime(started);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }
}
