namespace ControlPlane.Primitives.Tests;

public sealed class InvariantTests
{
    [Fact]
    public void A_broken_invariant_says_what_was_meant_and_what_was_written()
    {
        var tail = 3;
        var broken = Assert.Throws<InvariantViolationException>(() => Invariant.Check(tail == 4, "entries are dense"));
        Assert.Contains("entries are dense (tail == 4)", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_would_wrap_is_an_error() =>
        Assert.Throws<OverflowException>(() => new SequenceNumber(ulong.MaxValue).Next);
}
