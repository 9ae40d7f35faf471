using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Tests.Recovery;

/// <summary>Which segments count, by their names and the watermark.</summary>
public sealed class SegmentOrderTests
{
    public static TheoryData<string, string, ulong, string, string, ulong> Cases => new()
    {
        // segments on disk, the watermark's segment and position: what counts with its limits, what is superseded, what binds.
        { "1-1 2-11", "2-11", 15, "1-1<11 2-11", "", 15 },
        { "1-1 2-11", "3-6", 5, "1-1<6", "2-11", 5 },
        { "1-1 2-11 3-6", "3-6", 8, "1-1<6 3-6", "2-11", 8 },
        { "1-1 2-6", "3-6", 5, "1-1<6", "2-6", 5 },
        { "5-1 5-6 5-11", "5-6", 5, "5-1<6 5-6", "5-11", 5 },
        { "5-1 5-6 5-11", "5-11", 12, "5-1<6 5-6<11 5-11", "", 12 },
        { "1-1", "2-101", 100, "1-1<101", "", 100 },
        { "", "2-101", 100, "", "", 100 },

        // A watermark that a newer segment has overtaken binds up to where that one begins.
        { "1-1 2-6", "1-1", 10, "1-1<6 2-6", "", 5 },
        { "1-1 2-11", "1-1", 8, "1-1<11 2-11", "", 8 },
        { "5-1 5-11", "5-1", 10, "5-1<11 5-11", "", 10 },

        // None was ever written.
        { "", "0-0", 0, "", "", 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_watermark_names_the_newest_segment(
        string listed, string newest, ulong acknowledged, string counting, string superseded, ulong bound)
    {
        var name = Parse(newest)[0];
        var order = SegmentOrder.Of(Parse(listed), new Watermark(name, new(acknowledged)));
        Assert.Equal(counting, string.Join(' ', order.Segments.Select((segment, i) => order.LimitOf(i) is { } limit ? $"{segment}<{limit}" : $"{segment}")));
        Assert.Equal(superseded, string.Join(' ', order.Superseded));
        Assert.Equal(bound, order.Acknowledged.Value);
    }

    [Fact]
    public void A_segment_that_replaces_one_of_its_own_name_leaves_nothing_of_it()
    {
        var order = SegmentOrder.Of(Parse("5-1 5-6 5-11"), new Watermark(Parse("5-6")[0], new(5)) { Replaces = true });
        Assert.Equal("5-1", string.Join(' ', order.Segments));
        Assert.Equal("5-6 5-11", string.Join(' ', order.Superseded));
        Assert.Equal((6ul, 5ul), (order.LimitOf(0)?.Value, order.Acknowledged.Value));
    }

    [Fact]
    public void Without_a_watermark_names_alone_decide()
    {
        var order = SegmentOrder.Of(Parse("1-1 2-11 3-6"), watermark: null);
        Assert.Equal([6ul, 6ul, null], order.Segments.Select((_, i) => order.LimitOf(i)?.Value));
        Assert.Empty(order.Superseded);
        Assert.Equal("3-6", order.Newest.ToString());
    }

    private static SegmentName[] Parse(string names) =>
    [
        .. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text =>
        {
            Assert.True(SegmentName.TryParse(text, out var name));
            return name;
        }),
    ];
}
