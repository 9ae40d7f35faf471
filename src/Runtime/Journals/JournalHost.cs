using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Loops;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// A journal of its own, for any user: conditional append, fence, read, tail, trim, snapshots. An answered append is durable, on a majority of the
/// replicas. Any thread may call; every call throws <see cref="JournalOverloadedException"/>, and nothing happened, when the mailbox is full, and
/// <see cref="JournalNotLedException"/>, and nothing happened, while another node writes the journal.
/// Fail stop: after a storage fault <see cref="Completion"/> faults and nothing is answered any more.
///</summary>
public sealed class JournalHost : ICombiningHandler<JournalHost.Item>, IJournalUser, IAsyncDisposable
{
    /// <summary>Appends that may wait for the loop; beyond, callers are told that the journal is overloaded.</summary>
    public const int MailboxMax = 16_384;

    private readonly TimeProvider _time;
    private readonly CombiningLoop<Item> _mailbox;
    private readonly SemaphoreSlim _oneSnapshot = new(1);
    private readonly Queue<Work> _done = [];
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalClock _clock;

    private JournalHost(JournalEngine engine, TimeProvider time)
    {
        Engine = engine;
        _time = time;
        _clock = new JournalClock(time, default);
        _mailbox = new CombiningLoop<Item>(this, MailboxMax);
        engine.Begin(this, input => _mailbox.TryPost(new Input(input)));
    }

    /// <summary>The journal; read it freely, append through this host only.</summary>
    public JournalEngine Engine { get; }

    /// <summary>Faults when the journal has failed; completes when it is closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Opens or makes the journal's replica. Blocks for as long as its verification takes. The only replica leads on return.</summary>
    public static JournalHost Open(JournalEngineOptions options, TimeProvider time)
    {
        var engine = JournalOpening.OpenReplica(options);
        try
        {
            return new JournalHost(engine, time);
        }
        catch
        {
            JournalOpening.CloseUnused(engine);
            throw;
        }
    }

    /// <summary>Appends under conditions.</summary>
    /// <exception cref="JournalFailedException">The outcome is unknown: ask again, with the same client id and sequence.</exception>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request) =>
        PostAsync(new Work(host => host.Engine.Append(request, host._clock.Now)));

    /// <summary>Appends several that arrived together, in this order, each under its own conditions: answered as they would be one by one, behind one flush.</summary>
    /// <returns>An answer to await once for each, in the same order.</returns>
    public ValueTask<AppendResult>[] AppendAll(IReadOnlyList<AppendRequest> requests)
    {
        var items = new Item[requests.Count];
        var answers = new ValueTask<AppendResult>[requests.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var request = requests[i];
            var work = new Work(host => host.Engine.Append(request, host._clock.Now));
            (items[i], answers[i]) = (work, work.Task);
        }

        return _mailbox.TryPostAll(items) ? answers : throw new JournalOverloadedException();
    }

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

    /// <summary>Asks the journal inside its loop, whoever writes it.</summary>
    /// <exception cref="JournalFailedException">The journal has failed.</exception>
    public ValueTask<T> AskAsync<T>(Func<JournalEngine, T> question)
    {
        var asked = new Question<T>(question);
        return _mailbox.TryPost(asked) ? asked.Task : throw new JournalOverloadedException();
    }

    /// <summary>Drops entries below a position, as far as whole snapshots (a majority's, if there are several replicas) allow.</summary>
    public ValueTask<AppendResult> TrimAsync(SequenceNumber below) =>
        PostAsync(new Work(host => new AppendResult { Status = AppendStatus.Ok, AnswerAfter = SequenceNumber.None, First = host.Engine.Trim(below) }));

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
        var closing = new Closing();
        while (!_mailbox.TryPost(closing))
        {
            await Task.Yield();
        }

        await closing.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Engine.DisposeAsync();
        _oneSnapshot.Dispose();
        _completion.TrySetResult();
    }

    void ICombiningHandler<Item>.Handle(Item item) => item.Run(this);

    void ICombiningHandler<Item>.EndBatch()
    {
        Engine.EndBatch();
        Release();
        if (_done.TryPeek(out var first) && first.AnswerAfter <= Engine.Committed && first.Since is { } since)
        {
            Engine.Confirm(since);
        }
    }

    void ICombiningHandler<Item>.Fail(Exception fault)
    {
        GiveUp(fault);
        if (fault is not JournalFailedException)
        {
            _completion.TrySetException(fault);
        }
    }

    void ICombiningHandler<Item>.Reject(Item item, Exception fault) => item.Fault(fault);

    void IReplay.Restore(SnapshotReader snapshot)
    {
        // The journal's users keep their state themselves.
    }

    void IReplay.Apply(in EntryHeader header, ReadOnlySpan<byte> payload)
    {
        // As above: what is committed is read by whoever wants it.
    }

    void IJournalUser.Reset()
    {
    }

    void IJournalUser.Lead() => _clock = new JournalClock(_time, Engine.LastTime);

    void IJournalUser.Deposed(DeposedReason reason)
    {
        Release();
        GiveUp(new JournalDeposedException());
    }

    private void Release()
    {
        while (_done.TryPeek(out var work) && work.AnswerAfter <= Engine.Committed && (work.Since is not { } since || Engine.IsConfirmed(since)))
        {
            _done.Dequeue().Answer();
        }
    }

    private void GiveUp(Exception fault)
    {
        foreach (var work in _done)
        {
            work.Fault(fault);
        }

        _done.Clear();
    }

    private ValueTask<AppendResult> PostAsync(Work work) =>
        _mailbox.TryPost(work) ? work.Task : throw new JournalOverloadedException();

    private SnapshotTaken PutSnapshot(SequenceNumber applied, ReadOnlyMemory<byte> payload)
    {
        var state = JournalReplay.At(Engine, applied, null, out var end);
        var hash = ChainHash.Of(payload.Span).Value;
        var taken = SnapshotTaking.Take(
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
        Engine.SnapshotTaken(taken.Position);
        return taken;
    }

    /// <summary>One item of the journal's mailbox.</summary>
    internal abstract class Item
    {
        /// <summary>Inside the loop.</summary>
        public abstract void Run(JournalHost host);

        /// <summary>The loop has failed, or will not run it.</summary>
        public abstract void Fault(Exception fault);
    }

    /// <summary>What a caller waits for.</summary>
    private sealed class Work(Func<JournalHost, AppendResult> action) : Item
    {
        private readonly PendingCall<AppendResult> _pending = new();
        private AppendResult _result;

        public ValueTask<AppendResult> Task => _pending.Task;

        /// <summary>May be told once the commit has reached this, and</summary>
        public SequenceNumber AnswerAfter => _result.AnswerAfter;

        /// <summary>a majority has confirmed the reign since then; null: the commit of its own entries says so.</summary>
        public TimeSpan? Since { get; private set; }

        public override void Run(JournalHost host)
        {
            if (!host.Engine.Leads)
            {
                _pending.Fault(new JournalNotLedException(host.Engine.LeaderAddress));
                return;
            }

            _result = action(host);
            Since = _result is { Status: AppendStatus.Ok, Replayed: false } ? null : host.Engine.Now;
            host._done.Enqueue(this);
        }

        public void Answer() => _pending.Answer(_result);

        public override void Fault(Exception fault) => _pending.Fault(
            fault as JournalFailedException ?? new JournalFailedException("The journal has failed; whether this was appended is unknown.", fault));
    }

    /// <summary>What is true at this moment, as far as this node knows: nobody waits for a commit.</summary>
    private sealed class Question<T>(Func<JournalEngine, T> question) : Item
    {
        private readonly PendingCall<T> _pending = new();

        public ValueTask<T> Task => _pending.Task;

        public override void Run(JournalHost host) => _pending.Answer(question(host.Engine));

        public override void Fault(Exception fault) => _pending.Fault(new JournalFailedException("The journal has failed.", fault));
    }

    /// <summary>What reaches the journal from other nodes, from its register and from the clock.</summary>
    private sealed class Input(EngineInput input) : Item
    {
        public override void Run(JournalHost host) => input.Apply(host.Engine);

        public override void Fault(Exception fault) => input.Drop();
    }

    /// <summary>The last item: what came before is durable and answered.</summary>
    private sealed class Closing : Item
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public override void Run(JournalHost host)
        {
            try
            {
                host.Engine.EndBatch();
                host.Release();
            }
            finally
            {
                _ended.TrySetResult();
            }

            throw new JournalFailedException("The journal was closed.", null);
        }

        public override void Fault(Exception fault) => _ended.TrySetResult();
    }
}

/// <summary>The journal answers nothing any more; what was under way may have happened or not.</summary>
public class JournalFailedException(string message, Exception? cause) : Exception(message, cause);

/// <summary>The node has lost the journal to another writer while the call was under way: it may have happened or not. The journal goes on.</summary>
public sealed class JournalDeposedException()
    : JournalFailedException("This node writes the journal no more; whether this was appended is unknown. Ask the new writer, with the same client id and sequence.", null);

/// <summary>The journal's mailbox is full; nothing happened. Try again a little later.</summary>
public sealed class JournalOverloadedException() : Exception("The journal's mailbox is full; try again a little later.");

/// <summary>Another node writes the journal; nothing happened.</summary>
public sealed class JournalNotLedException(string? leader)
    : Exception(leader is null ? "This node does not write the journal, and does not know who does; ask another, or again in a moment." : $"This node does not write the journal; ask {leader}.")
{
    /// <summary>Where the writer is reached; null if that is not known.</summary>
    public string? Leader { get; } = leader;
}
