using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Tests.Linearizability;
using static ControlPlane.Verification.Models.KeyValueFunction;

namespace ControlPlane.Verification.Tests.Models;

public sealed class KeyValueModelTests
{
    [Fact]
    public void A_key_that_nothing_was_put_under_is_empty() => Assert.Equal(Verdict.Legal, Story.Did(0, 1, Gets("k", "")).Verdict);

    [Fact]
    public void Appends_are_read_in_the_order_of_time()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Appends("k", "a")).Did(2, 3, Appends("k", "b")).Did(4, 5, Gets("k", "ab")).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Appends("k", "a")).Did(2, 3, Appends("k", "b")).Did(4, 5, Gets("k", "ba")).Verdict);
        Assert.Equal(Verdict.Legal, Story.Did(0, 3, Appends("k", "a")).Did(2, 3, Appends("k", "b")).Did(4, 5, Gets("k", "ba")).Verdict);
    }

    [Fact]
    public void A_put_replaces_what_was_there()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Appends("k", "a")).Did(2, 3, Puts("k", "b")).Did(4, 5, Gets("k", "b")).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Appends("k", "a")).Did(2, 3, Puts("k", "b")).Did(4, 5, Gets("k", "ab")).Verdict);
    }

    [Fact]
    public void Keys_have_nothing_to_do_with_each_other() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Puts("k", "a")).Did(2, 3, Gets("other", "")).Verdict);

    [Fact]
    public void An_unanswered_append_happens_once_or_never()
    {
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Unanswered(Append, "a")).Did(1, 2, Gets("k", "")).Did(3, 4, Gets("k", "a")).Verdict);
        Assert.Equal(Verdict.Illegal, Story.NeverHeardOf(0, Unanswered(Append, "a")).Did(1, 2, Gets("k", "aa")).Verdict);
    }

    [Fact]
    public void An_unanswered_get_explains_nothing() =>
        Assert.Equal(Verdict.Illegal, Story.NeverHeardOf(0, Unanswered(Get, null)).Did(1, 2, Gets("k", "a")).Verdict);

    private static CallStory<string, KeyValueCall> Story => new(new KeyValueModel());

    private static KeyValueCall Gets(string key, string text) => new(Get, key, text, IsAnswered: true);

    private static KeyValueCall Puts(string key, string text) => new(Put, key, text, IsAnswered: true);

    private static KeyValueCall Appends(string key, string text) => new(Append, key, text, IsAnswered: true);

    private static KeyValueCall Unanswered(KeyValueFunction function, string? text) => new(function, "k", text, IsAnswered: false);
}
