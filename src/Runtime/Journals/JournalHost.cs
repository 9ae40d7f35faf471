using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Loops;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// A journal of its own, for any user: conditional append, fence, read, tail, trim, snapshots. An answered append is durable.
/// Any thread may call; every call throws <see cref="JournalOverloadedException"/>, and nothing happened, when the mailbox is full. Fail stop: after a storage fault <see cref="Completion"/> faults and nothing is answered any more.
///</summary>
public sealed class JournalHost : ICombiningHandler<JournalHost.Work>, IAsyncDisposable
{
    /// <summary>Appends that may wait for the loop; beyond, callers are told that the journal is overloaded.</summary>
    public const int MailboxMax = 16_384;

    private readonly JournalClock _clock;
    private readonly CombiningLoop<Work> _mailbox;
    private readonly SemaphoreSlim _oneSnapshot = new(1);
    private readonly Queue<Work> _done = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private JournalHost(JournalEngine engine, TimeProvider time)
    {
        Engine = engine;
        _clock = new JournalClock(time, engine.LastTime);
        _mailbox = new CombiningLoop<Work>(this, MailboxMax);
    }

    /// <summary>The journal; read it freely, append through this host only.</summary>
    public JournalEngine Engine { get; }

    /// <summary>Faults when the journal has failed; completes when it is closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Opens or makes the journal. Blocks for as long as its verification takes.</summary>
    public static JournalHost Open(JournalEngineOptions options, TimeProvider time) =>
        new(JournalOpening.Open(options), time);

    /// <summary>Appends under conditions.</summary>
    /// <exception cref="JournalFailedException">The outcome is unknown: ask again, with the same client id and sequence.</exception>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request) =>
        PostAsync(new Work(host => host.Engine.Append(request, host._clock.Now)));

    /// <summary>Raises the fence.</summary>
    public ValueTask<AppendResult> RaiseFenceAsync(JournalFence fence, JournalFence expected) =>
        PostAsync(new Work(host => host.Engine.RaiseFence(fence, expected, host._clock.Now)));

    /// <summary>What is true of the journal's end, behind every append that was answered before.</summary>
    public ValueTask<AppendResult> CheckTailAsync() =>
        PostAsync(new Work(host => new AppendResult
        {
            Status = AppendStatus.TailMismatch,
            AnswerAfter = host.Engine.Tail.Previous,
            Tail = host.Engine.Tail,
            Fence = host.Engine.Fence,
        }));

    /// <summary>Drops entries below a position, as far as whole snapshots allow.</summary>
    public ValueTask<AppendResult> TrimAsync(SequenceNumber below) =>
        PostAsync(new Work(host =>
        {
            host.Engine.Flush();
            return new AppendResult { Status = AppendStatus.Ok, AnswerAfter = SequenceNumber.None, First = host.Engine.Trim(below) };
        }));

    /// <summary>Publishes a user's snapshot of everything up to <paramref name="applied"/>, after reading it back whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="applied"/> is not committed, or older than the newest snapshot.</exception>
    public async Task<SnapshotTaken> PutSnapshotAsync(SequenceNumber applied, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(applied.Value, Engine.Committed.Value, nameof(applied));
        ArgumentOutOfRangeException.ThrowIfLessThan(applied.Value, Engine.Snapshots.FindNewest(_ => { })?.Applied.Last.Value ?? 1, nameof(applied));
        await _oneSnapshot.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => PutSnapshot(applied, payload), cancellation);
        }
        finally
        {
            _oneSnapshot.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _oneSnapshot.WaitAsync();
        var closing = new Work(_ => throw new JournalFailedException("The journal was closed.", null));
        while (!_mailbox.TryPost(closing))
        {
            await Task.Yield();
        }

        await closing.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Engine.Dispose();
        _oneSnapshot.Dispose();
        _completion.TrySetResult();
    }

    void ICombiningHandler<Work>.Handle(Work item)
    {
        _done.Enqueue(item);
        item.Run(this);
    }

    void ICombiningHandler<Work>.EndBatch()
    {
        Engine.Flush();
        while (_done.TryPeek(out var item) && item.AnswerAfter <= Engine.Committed)
        {
            _done.Dequeue().Answer();
        }
    }

    void ICombiningHandler<Work>.Fail(Exception fault)
    {
        foreach (var item in _done)
        {
            item.Fault(fault);
        }

        _done.Clear();
        if (fault is not JournalFailedException)
        {
            _completion.TrySetException(fault);
        }
    }

    void ICombiningHandler<Work>.Reject(Work item, Exception fault) => item.Fault(fault);

    private ValueTask<AppendResult> PostAsync(Work work) =>
        _mailbox.TryPost(work) ? work.Task : throw new JournalOverloadedException();

    private SnapshotTaken PutSnapshot(SequenceNumber applied, ReadOnlyMemory<byte> payload)
    {
        var state = JournalReplay.At(Engine, applied, null, out var end);
        var hash = ChainHash.Of(payload.Span).Value;
        return SnapshotTaking.Take(
            Engine,
            state,
            end,
            hash,
            destination => System.Buffers.BuffersExtensions.Write(destination, payload.Span),
            reader =>
            {
                var back = new byte[payload.Length];
                var read = 0;
                for (var n = reader.Read(back); n > 0; n = reader.Read(back.AsSpan(read)))
                {
                    read += n;
                }

                return ChainHash.Of(back.AsSpan(0, read)).Value;
            });
    }

    /// <summary>One item of the journal's mailbox.</summary>
    internal sealed class Work(Func<JournalHost, AppendResult> action)
    {
        private readonly PendingCall<AppendResult> _pending = new();
        private AppendResult _result;

        public ValueTask<AppendResult> Task => _pending.Task;

        /// <summary>Completes when it has been answered or refused; instead of <see cref="Task"/>.</summary>
        public Task Ended => _pending.Task.AsTask();

        /// <summary>May be told once the commit has reached this.</summary>
        public SequenceNumber AnswerAfter => _result.AnswerAfter;

        public void Run(JournalHost host) => _result = action(host);

        public void Answer() => _pending.Answer(_result);

        public void Fault(Exception fault) => _pending.Fault(
            new JournalFailedException("The journal has failed; whether this was appended is unknown.", fault));
    }
}

/// <summary>The journal answers nothing any more; what was under way may have happened or not.</summary>
public sealed class JournalFailedException(string message, Exception? cause) : Exception(message, cause);

/// <summary>The journal's mailbox is full; nothing happened. Try again a little later.</summary>
public sealed class JournalOverloadedException() : Exception("The journal's mailbox is full; try again a little later.");
