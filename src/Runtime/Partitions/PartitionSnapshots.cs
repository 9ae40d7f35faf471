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
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _closing = new();
    private ulong _newest;
    private int _running;
    private Task _background = Task.CompletedTask;

    public PartitionSnapshots(JournalEngine engine, PartitionHostOptions options)
    {
        _engine = engine;
        _options = options;
        _newest = engine.Snapshots.FindNewest(_ => { })?.Applied.Last.Value ?? 0;
    }

    public SequenceNumber Newest => new(Volatile.Read(ref _newest));

    /// <summary>Called by the loop after each flush: starts a snapshot if enough has been written since the last.</summary>
    public void Consider(SequenceNumber committed)
    {
        if (_options.SnapshotInterval > 0
            && committed.Value - Math.Min(Newest.Value, committed.Value) >= (ulong)_options.SnapshotInterval
            && Interlocked.CompareExchange(ref _running, 1, 0) == 0)
        {
            _background = Task.Run(async () =>
            {
                try
                {
                    await TakeAsync(_closing.Token);
                }
                catch (OperationCanceledException) when (_closing.IsCancellationRequested)
                {
                    // Closing: the next start replays a little more.
                }
                finally
                {
                    Volatile.Write(ref _running, 0);
                }
            });
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
        Volatile.Write(ref _newest, taken.Position.Value);
        return taken;
    }
}
