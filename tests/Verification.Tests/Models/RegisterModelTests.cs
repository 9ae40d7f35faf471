using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Tests.Linearizability;
using static ControlPlane.Verification.Models.RegisterAnswer;
using static ControlPlane.Verification.Models.RegisterFunction;

namespace ControlPlane.Verification.Tests.Models;

public sealed class RegisterModelTests
{
    [Fact]
    public void It_is_nil_at_first() => Assert.Equal(Verdict.Legal, Story.Did(0, 1, Reads(null)).Verdict);

    [Fact]
    public void A_read_returns_the_last_write() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Writes(1)).Did(2, 3, Writes(2)).Did(4, 5, Reads(1)).Verdict);

    [Fact]
    public void A_read_during_a_write_may_return_either_value()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 9, Writes(1)).Did(1, 2, Reads(null)).Did(3, 4, Reads(1)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 9, Writes(1)).Did(1, 2, Reads(1)).Did(3, 4, Reads(null)).Verdict);
    }

    [Fact]
    public void A_compare_and_set_succeeds_only_on_the_expected_value()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Writes(1)).Did(2, 3, Swaps(1, 2)).Did(4, 5, Reads(2)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Writes(1)).Did(2, 3, Swaps(3, 2)).Verdict);
    }

    [Fact]
    public void A_compare_and_set_fails_only_on_another_value()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Writes(1)).Did(2, 3, Swaps(3, 2, Mismatch)).Did(4, 5, Reads(1)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Writes(1)).Did(2, 3, Swaps(1, 2, Mismatch)).Verdict);
    }

    [Fact]
    public void An_unanswered_write_may_have_happened_at_any_later_time_or_never()
    {
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Writes(1, None)).Did(1, 2, Reads(null)).Did(8, 9, Reads(1)).Verdict);
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Writes(1, None)).Did(1, 2, Reads(null)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.NeverHeardOf(3, Writes(1, None)).Did(1, 2, Reads(1)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.NeverHeardOf(0, Writes(1, None)).Did(1, 2, Reads(1)).Did(3, 4, Reads(null)).Verdict);
    }

    [Fact]
    public void An_unanswered_compare_and_set_happens_only_on_the_expected_value()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Writes(1)).NeverHeardOf(2, Swaps(1, 5, None)).Did(3, 4, Reads(5)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Writes(1)).NeverHeardOf(2, Swaps(4, 5, None)).Did(3, 4, Reads(5)).Verdict);
    }

    private static CallStory<RegisterState, RegisterCall> Story => new(new RegisterModel());

    private static RegisterCall Reads(long? value) => new(Read, value, null, Ok);

    private static RegisterCall Writes(long value, RegisterAnswer answer = Ok) => new(Write, value, null, answer);

    private static RegisterCall Swaps(long from, long to, RegisterAnswer answer = Ok) => new(CompareAndSet, to, from, answer);
}
