using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Tests.Linearizability;

public sealed class EventListTests
{
    private static readonly Operation<string>[] History =
    [
        new(1, "first", 0, 5),
        new(2, "second", 5, 6),
        new(3, "pending", 1, null),
        new(4, "within", 2, 3),
    ];

    [Fact]
    public void Events_are_in_the_order_of_time_and_invocations_first() =>
        Assert.Equal(["first[", "pending[", "within[", "within]", "second[", "first]", "second]"], Show(EventList.Of(History)));

    [Fact]
    public void A_lifted_operation_is_not_there() => Assert.Equal(["pending[", "within[", "within]", "second[", "second]"], Show(Lifted(0)));

    [Fact]
    public void What_is_put_back_is_where_it_was()
    {
        var list = Lifted(0, 2, 3, 1);
        Assert.Empty(Show(list));
        foreach (var operation in (int[])[1, 3, 2, 0])
        {
            list.PutBack(operation);
        }

        Assert.Equal(Show(EventList.Of(History)), Show(list));
    }

    private static EventList Lifted(params int[] operations)
    {
        var list = EventList.Of(History);
        foreach (var operation in operations)
        {
            list.Lift(operation);
        }

        return list;
    }

    private static List<string> Show(EventList list)
    {
        var events = new List<string>();
        for (var node = list.First; node != 0; node = list.Next(node))
        {
            events.Add(History[list.OperationAt(node)].Call + (list.IsInvocation(node) ? "[" : "]"));
        }

        return events;
    }
}
