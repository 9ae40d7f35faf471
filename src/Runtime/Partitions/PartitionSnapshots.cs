using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.Runtime.Partitions;

/// <summary>
/// Takes a partition's snapshots beside its loop: a second state is rebuilt from the journal, written, and restored again for proof. So
/// the loop never stops for a snapshot, and each snapshot shows anew that a replay gives the same state.
/// </summary>
internal sealed class PartitionSnapshots : IAsyncDisposable
{
    private readonly JournalEngine _engine;
    private readonly PartitionHostOptions _options;
    private readonly Action _taken;
    private readonly Action<Exception> _failed;
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _closing = new();
    private int _running;
    private ulong _trimLook;
    private Task _background = Task.CompletedTask;

    public PartitionSnapshots(JournalEngine engine, PartitionHostOptions options, Action taken, Action<Exception> failed)
    {
        _taken = taken;
        _failed = failed;
        _engine = engine;
        _options = options;
    }

    public SequenceNumber Newest => _engine.NewestSnapshot;

    /// <summary>
    /// Called by the loop after each batch: starts a snapshot if enough has been written since the last. A writer among several leaves it to the
    /// others, whose loops have less to do, unless they do not come to it.
    /// </summary>
    public void Consider(JournalEngine engine)
    {
        var committed = engine.Committed;
        var behind = committed.Value - Math.Min(Newest.Value, committed.Value);
        var interval = (ulong)_options.SnapshotInterval * (engine.Peers.Count > 0 ? 2UL : 1UL);
        var due = interval > 0 && (behind >= interval || (behind > 0 && engine.HasManyReigns));
        ConsiderTrim(engine, committed);
        if (due && Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            _background = Task.Run(TakeInBackgroundAsync);
        }
    }

    /// <summary>Now and then: what was trimmed is told to the others, so that they do the same. A writer among several waits for the snapshots of a majority.</summary>
    private void ConsiderTrim(JournalEngine engine, SequenceNumber committed)
    {
        var keep = (ulong)_options.KeepEntries;
        if (keep > 0 && committed.Value >= _trimLook + Math.Max(1, keep / 10) && engine.Leads && Newest.Value > keep)
        {
            _trimLook = committed.Value;
            engine.Trim(new SequenceNumber(Newest.Value - keep));
        }
    }

    public async Task<SnapshotTaken> TakeAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await Task.Run(TakeOne, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _background.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _one.WaitAsync();
        _closing.Dispose();
        _one.Dispose();
    }

    private async Task TakeInBackgroundAsync()
    {
        try
        {
            await TakeAsync(_closing.Token);
            Volatile.Write(ref _running, 0);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closing: the next start replays a little more.
        }
#pragma warning disable CA1031 // A snapshot that cannot be written or does not come back is a broken disk or a broken replay: stop, loudly.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _failed(fault);
        }
    }

    private SnapshotTaken TakeOne()
    {
        var replay = new CoreReplay(_options.Partition, _options.Core);
        var state = JournalReplay.At(_engine, _engine.Committed, replay, out var end);
        var taken = SnapshotTaking.Take(
            _engine,
            state,
            end,
            replay.Core.Hash.Value,
            replay.Core.WriteSnapshot,
            snapshot =>
            {
                var rehearsal = new CoreReplay(_options.Partition, _options.Core);
                rehearsal.Restore(snapshot);
                return rehearsal.Core.RecomputeHash().Value;
            });
        _engine.SnapshotTaken(taken.Position);
        _taken();
        return taken;
    }
}
