using ControlPlane.Worker.Sandboxes;

namespace ControlPlane.Worker.Tests.Sandboxes;

public sealed class TurnQueueTests
{
    private readonly TurnQueue _queue = new(waitersMax: 2);
    private long? _first;
    private long? _second;

    [Fact]
    public void Turns_come_in_the_order_of_arrival()
    {
        _queue.TryWait(forTurn: true, ref _first);
        _queue.TryWait(forTurn: true, ref _second);

        Assert.False(_queue.IsBehind(_first));
        Assert.True(_queue.IsBehind(_second));
        Assert.True(_queue.IsBehind(null));
    }

    [Fact]
    public void One_more_than_the_bound_is_turned_away_and_those_inside_keep_their_places()
    {
        long? third = null;
        _queue.TryWait(forTurn: true, ref _first);
        _queue.TryWait(forTurn: false, ref _second);

        Assert.False(_queue.TryWait(forTurn: true, ref third));
        Assert.Null(third);
        Assert.True(_queue.TryWait(forTurn: true, ref _second));
        _queue.Leave(_first!.Value);
        Assert.True(_queue.TryWait(forTurn: true, ref third));
    }

    [Fact]
    public void Who_waits_for_a_grant_holds_up_nobody()
    {
        _queue.TryWait(forTurn: false, ref _first);
        _queue.TryWait(forTurn: true, ref _second);

        Assert.False(_queue.IsBehind(_second));
    }

    [Fact]
    public void A_caller_that_gives_up_lets_the_next_one_look_again()
    {
        _queue.TryWait(forTurn: true, ref _first);
        _queue.TryWait(forTurn: true, ref _second);
        var change = _queue.NextChange;

        _queue.Leave(_first!.Value);

        Assert.True(change.IsCompletedSuccessfully);
        Assert.False(_queue.IsBehind(_second));
        Assert.False(_queue.NextChange.IsCompleted);
    }
}
