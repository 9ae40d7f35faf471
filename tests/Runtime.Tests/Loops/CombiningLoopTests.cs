using ControlPlane.Runtime.Loops;

namespace ControlPlane.Runtime.Tests.Loops;

public sealed class CombiningLoopTests
{
    [Fact]
    public void A_lone_item_is_handled_and_flushed_on_the_posters_thread_before_the_post_returns()
    {
        var handler = new Recorder();
        var loop = new CombiningLoop<int>(handler, capacity: 8);

        Assert.True(loop.TryPost(1));
        Assert.Equal([[1]], handler.Batches);
        Assert.Equal(Environment.CurrentManagedThreadId, handler.LastThread);
    }

    [Fact]
    public void What_is_posted_together_shares_a_flush_and_its_order_and_is_refused_as_one()
    {
        var handler = new Recorder();
        var loop = new CombiningLoop<int>(handler, capacity: 3);

        Assert.True(loop.TryPostAll([1, 2, 3]));
        Assert.False(loop.TryPostAll([4, 5, 6, 7]));
        Assert.True(loop.TryPostAll([]));

        Assert.Equal([[1, 2, 3]], handler.Batches);
    }

    [Fact]
    public async Task What_arrives_during_a_flush_shares_the_next_one()
    {
        using var flushing = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var handler = new Recorder
        {
            DuringFlush = () =>
            {
                flushing.Release();
                goOn.Wait();
            },
        };
        var loop = new CombiningLoop<int>(handler, capacity: 100);
        var first = Task.Run(() => loop.TryPost(1), TestContext.Current.CancellationToken);
        await flushing.WaitAsync(TestContext.Current.CancellationToken);
        for (var i = 2; i <= 50; i++)
        {
            Assert.True(loop.TryPost(i));
        }

        handler.DuringFlush = null;
        goOn.Set();
        Assert.True(await first);
        await handler.UntilHandledAsync(50);
        Assert.Equal(2, handler.Batches.Count);
        Assert.Equal(Enumerable.Range(2, 49), handler.Batches[1]);
    }

    [Fact]
    public async Task Nothing_is_lost_doubled_or_handled_by_two_threads_at_once()
    {
        const int Posters = 8;
        const int Each = 20_000;
        var handler = new Recorder();
        var loop = new CombiningLoop<int>(handler, capacity: Posters * Each);
        await Task.WhenAll(Enumerable.Range(0, Posters).Select(p => Task.Run(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    Assert.True(loop.TryPost((p * Each) + i));
                }
            },
            TestContext.Current.CancellationToken)));
        await handler.UntilHandledAsync(Posters * Each);

        var all = handler.Batches.SelectMany(b => b).ToArray();
        Assert.Equal(Posters * Each, all.Distinct().Count());
        Assert.False(handler.SawOverlap);
        for (var p = 0; p < Posters; p++)
        {
            var mine = all.Where(i => i / Each == p).ToArray();
            Assert.Equal(mine.Order(), mine);
        }
    }

    [Fact]
    public async Task A_full_mailbox_says_no_and_recovers()
    {
        using var flushing = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var handler = new Recorder
        {
            DuringFlush = () =>
            {
                flushing.Release();
                goOn.Wait();
            },
        };
        var loop = new CombiningLoop<int>(handler, capacity: 3);
        var first = Task.Run(() => loop.TryPost(1), TestContext.Current.CancellationToken);
        await flushing.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(loop.TryPost(2));
        Assert.True(loop.TryPost(3));
        Assert.False(loop.TryPost(4));

        handler.DuringFlush = null;
        goOn.Set();
        await first;
        await handler.UntilHandledAsync(3);
        Assert.True(loop.TryPost(5));
        await handler.UntilHandledAsync(4);
        Assert.DoesNotContain(4, handler.Batches.SelectMany(b => b));
    }

    [Fact]
    public void A_handler_that_throws_ends_the_loop_and_later_items_are_rejected()
    {
        var handler = new Recorder { DuringFlush = () => throw new IOException("disk") };
        var loop = new CombiningLoop<int>(handler, capacity: 8);
        loop.TryPost(1);
        Assert.IsType<IOException>(loop.Fault);
        Assert.IsType<IOException>(handler.Failure);

        Assert.True(loop.TryPost(2));
        Assert.Equal([2], handler.Rejected);
    }

    private sealed class Recorder : ICombiningHandler<int>
    {
        private readonly Lock _lock = new();
        private readonly List<int> _batch = [];
        private int _inside;
        private int _handled;

        public List<List<int>> Batches { get; } = [];

        public List<int> Rejected { get; } = [];

        public Exception? Failure { get; private set; }

        public Action? DuringFlush { get; set; }

        public int LastThread { get; private set; }

        public bool SawOverlap { get; private set; }

        public void Handle(int item)
        {
            SawOverlap |= Interlocked.Increment(ref _inside) != 1;
            _batch.Add(item);
            LastThread = Environment.CurrentManagedThreadId;
            Interlocked.Decrement(ref _inside);
        }

        public void EndBatch()
        {
            SawOverlap |= Interlocked.Increment(ref _inside) != 1;
            DuringFlush?.Invoke();
            lock (_lock)
            {
                if (_batch.Count > 0)
                {
                    Batches.Add([.. _batch]);
                    _handled += _batch.Count;
                    _batch.Clear();
                }
            }

            Interlocked.Decrement(ref _inside);
        }

        public void Fail(Exception fault) => Failure = fault;

        public void Reject(int item, Exception fault) => Rejected.Add(item);

        public async Task UntilHandledAsync(int count)
        {
            while (true)
            {
                lock (_lock)
                {
                    if (_handled >= count)
                    {
                        return;
                    }
                }

                await Task.Delay(1, TestContext.Current.CancellationToken);
            }
        }
    }
}
