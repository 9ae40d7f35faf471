using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Loops;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Partitions;

/// <summary>
/// A partition of the worker manager on this node: its replica of the journal, its state, its loop and its timer. Every answer that it gives is
/// durable first. Any thread may call.
/// </summary>
/// <remarks>
/// Fail stop: after a storage fault or a broken invariant <see cref="Completion"/> faults, everyone who waits is told
/// so, and nothing is answered any more. The process must end; a new one recovers from the journal.
/// </remarks>
public sealed class PartitionHost : IAsyncDisposable
{
    /// <summary>How often it is looked whether a candidate has given up: nobody tells that.</summary>
    private static readonly TimeSpan CandidateLook = TimeSpan.FromMilliseconds(50);

    private readonly CombiningLoop<PartitionWork> _mailbox;
    private readonly PartitionTimer _timer;
    private readonly PartitionSnapshots _snapshots;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastCall;
    private volatile TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _leads;

    // Set while a deposed leader's loop is busy with rebuilding its state: what callers are told without it.
    private volatile Rejection? _elsewhere;

    private PartitionHost(PartitionHostOptions options, JournalEngine engine, TimeProvider time)
    {
        Journal = engine;
        Options = options;
        _timer = new PartitionTimer(time, () => Post(Tick.Instance));
        _snapshots = new PartitionSnapshots(engine, options, ForgetOldReigns, Fail);
        var loop = new PartitionLoop(options, engine, time, Sessions, _timer, new Watch(this));
        _mailbox = new CombiningLoop<PartitionWork>(loop, options.MailboxMax);
        engine.Begin(loop, input => _mailbox.TryPost(new JournalInputWork(input)));
        loop.EndBatch();
    }

    /// <summary>How it runs.</summary>
    public PartitionHostOptions Options { get; }

    /// <summary>Its journal; read it freely, append only through commands.</summary>
    public JournalEngine Journal { get; }

    /// <summary>The workers' connections.</summary>
    public WorkerSessions Sessions { get; } = new();

    /// <summary>Last committed position.</summary>
    public SequenceNumber Committed => Journal.Committed;

    /// <summary>True while this node leads the partition; what it says may be over when it is read.</summary>
    public bool Leads => _leads;

    /// <summary>Whom the node has just given the partition to, while it rebuilds its own state; null otherwise, and empty if it is not known.</summary>
    public string? Successor => _elsewhere?.Metadata.Single(figure => figure.Key == "leader").Value;

    /// <summary>Called on the loop's thread when the node begins to lead, or leads no more: do not wait there.</summary>
    public event Action<bool>? LeadershipChanged;

    /// <summary>
    /// True as soon as this node leads; false as soon as another does or may, after <paramref name="patience"/>, or if the mailbox is full. So whoever comes to
    /// a candidate a moment before it leads need not go away and come back, and whoever comes while the node hands over is sent on when the heir is ready.
    /// </summary>
    /// <exception cref="PartitionFailedException">The partition has failed.</exception>
    public async ValueTask<bool> LeadsSoonAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            // Taken before it is asked: a change in between ends the wait at once.
            var turn = _turn;
            if (_elsewhere is not null)
            {
                return false;
            }

            var asked = new QueryWork<(bool Leads, bool IsDeciding)>(_ => (Journal.Leads, Journal.IsUndecided), ReadFrom.Anyone);
            if (!_mailbox.TryPost(asked))
            {
                return false;
            }

            var (leads, isDeciding) = await asked.Task;
            if (leads || !isDeciding || time.GetElapsedTime(started) > patience)
            {
                return leads;
            }

            await turn.Task.WaitAsync(CandidateLook, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Position of the newest snapshot; none if there is none.</summary>
    public SequenceNumber Snapshot => _snapshots.Newest;

    /// <summary>Faults when the partition has failed; completes when it is closed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// Opens the journal's replica and rebuilds the state. The only replica leads on return; one among several follows, and leads when it wins a reign.
    /// Blocks for as long as the replay takes: call it from a thread that may wait.
    /// </summary>
    /// <exception cref="Journal.Recovery.JournalRefusedException">The journal cannot be trusted; nothing was changed.</exception>
    /// <exception cref="StateDivergedException">The journal's state hash is not the one that was replayed.</exception>
    /// <exception cref="StorageFaultException">The disk failed.</exception>
    public static PartitionHost Start(PartitionHostOptions options, TimeProvider time)
    {
        var engine = JournalOpening.OpenReplica(options.Journal);
        try
        {
            return new PartitionHost(options, engine, time);
        }
        catch
        {
            JournalOpening.CloseUnused(engine);
            throw;
        }
    }

    /// <summary>A fresh id for a call.</summary>
    public CallId NewCall() => new((ulong)Interlocked.Increment(ref _lastCall));

    /// <summary>
    /// Steps a command and completes when its reply may be known: everything it depends on is committed.
    /// </summary>
    /// <param name="command">With an id from <see cref="NewCall"/>.</param>
    /// <param name="cancellation">
    /// Cancelled before it is stepped: nothing happens. Cancelled later: a request that waits is dropped, one that was granted and
    /// not confirmed is returned; the reply still comes, and says which.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled before anything happened.</exception>
    /// <exception cref="PartitionFailedException">The outcome is unknown: ask again, with the same request id.</exception>
    public async ValueTask<Outcome> CallAsync(CallCommand command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_elsewhere is { } elsewhere)
        {
            return new Refused(elsewhere);
        }

        var work = new CallWork(command);
        if (!_mailbox.TryPost(work))
        {
            return new Refused(Overloaded());
        }

        var reply = work.Task;
        if (!reply.IsCompleted && cancellation.CanBeCanceled)
        {
            await using var registration = cancellation.UnsafeRegister(
                static (state, _) =>
                {
                    var (host, call) = ((PartitionHost, CallId))state!;
                    host.Post(new CallerGone(call));
                },
                (this, command.Call));
            return await reply;
        }

        return await reply;
    }

    /// <summary>
    /// Asks the state between two steps. A leader's answer is told when what it saw is committed and a majority has confirmed its reign since: it is
    /// the newest. A follower's is of a committed position, and may be old.
    /// </summary>
    /// <exception cref="PartitionNotLedException">The leader was asked for, and this node does not lead.</exception>
    /// <exception cref="PartitionFailedException">The partition has failed, or its mailbox is full.</exception>
    public ValueTask<T> QueryAsync<T>(Func<WorkerManagerCore, T> query, ReadFrom from = ReadFrom.Anyone)
    {
        var work = new QueryWork<T>(query, from);
        return _mailbox.TryPost(work) ? work.Task : throw new PartitionFailedException("The partition's mailbox is full.", null);
    }

    /// <summary>Steps a command that nobody waits for. False if the mailbox is full: the sender says it again later.</summary>
    public bool Post(Command command) => _mailbox.TryPost(new CommandWork(command));

    /// <summary>Takes a snapshot of what is committed now; the loop goes on meanwhile.</summary>
    public Task<SnapshotTaken> TakeSnapshotAsync(CancellationToken cancellation) => _snapshots.TakeAsync(cancellation);

    /// <summary>Drops entries below <paramref name="below"/>, as far as the snapshots allow; returns the new head.</summary>
    public ValueTask<SequenceNumber> TrimAsync(SequenceNumber below)
    {
        var work = new JournalWork<SequenceNumber>(engine => engine.Trim(below));
        return _mailbox.TryPost(work) ? work.Task : throw new PartitionFailedException("The partition's mailbox is full.", null);
    }

    /// <summary>The state behind a committed position, rebuilt from the journal. Slow; any thread.</summary>
    /// <exception cref="Reading.PositionTrimmedException">Neither a snapshot nor entries reach back so far.</exception>
    public WorkerManagerCore Rebuild(SequenceNumber position)
    {
        var replay = new CoreReplay(Options.Partition, Options.Core);
        JournalReplay.At(Journal, position, replay, out _);
        return replay.Core;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _snapshots.DisposeAsync();

        // The last item of the mailbox ends the loop: what came before is durable and answered.
        var closing = new CloseWork();
        while (!_mailbox.TryPost(closing))
        {
            await Task.Yield();
        }

        await closing.Ended;
        await Journal.DisposeAsync();
        _completion.TrySetResult();
    }

    private static Rejection Overloaded() => new(
        RejectionReason.Overloaded,
        "The partition's mailbox is full; try again a little later.",
        [new("what", "mailbox"), new("retry_after_ms", "50")]);

    private void ForgetOldReigns() => _mailbox.TryPost(new JournalWork<bool>(engine =>
    {
        engine.ForgetOldReigns();
        return true;
    }));

    private void Fail(Exception fault)
    {
        if (fault is not PartitionClosedException)
        {
            _completion.TrySetException(fault);
        }
    }

    private sealed class Watch(PartitionHost host) : PartitionWatch
    {
        public override void Committed(JournalEngine engine)
        {
            host._elsewhere = null;
            host._snapshots.Consider(engine);
        }

        public override void Leads() => Changed(leads: true);

        public override void Deposed(Rejection elsewhere)
        {
            host._elsewhere = elsewhere;
            Changed(leads: false);
        }

        private void Changed(bool leads)
        {
            host._leads = leads;
            var turn = host._turn;
            host._turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            turn.SetResult();
            host.LeadershipChanged?.Invoke(leads);
        }

        public override void Failed(Exception fault) => host.Fail(fault);
    }

    private sealed class CloseWork : PartitionWork
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public override void Run(PartitionLoop loop)
        {
            try
            {
                loop.EndBatch();
            }
            finally
            {
                _ended.SetResult();
            }

            throw new PartitionClosedException();
        }

        public override void Reject(Exception fault) => _ended.SetResult();
    }

    private sealed class PartitionClosedException() : PartitionFailedException("The partition was closed.", null);
}
