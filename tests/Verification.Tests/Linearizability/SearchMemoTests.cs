using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Tests.Linearizability;

public sealed class SearchMemoTests
{
    private const ulong SameHash = 7;

    [Fact]
    public void A_pair_is_new_once()
    {
        var memo = new SearchMemo<string>(entriesMax: 10_000);
        for (ulong set = 0; set < 1_000; set++)
        {
            Assert.True(memo.TryAdd(set % 10, [set], "a"));
        }

        for (ulong set = 0; set < 1_000; set++)
        {
            Assert.False(memo.TryAdd(set % 10, [set], "a"));
        }
    }

    [Fact]
    public void Sets_of_one_hash_are_told_apart()
    {
        var memo = new SearchMemo<string>(entriesMax: 10);
        Assert.True(memo.TryAdd(SameHash, [1, 2], "a"));
        Assert.True(memo.TryAdd(SameHash, [1, 3], "a"));
        Assert.True(memo.TryAdd(SameHash, [1], "a"));
        Assert.False(memo.TryAdd(SameHash, [1, 2], "a"));
    }

    [Fact]
    public void States_of_one_hash_are_told_apart()
    {
        var memo = new SearchMemo<OneHash>(entriesMax: 10);
        Assert.True(memo.TryAdd(SameHash, [1], new OneHash(1)));
        Assert.True(memo.TryAdd(SameHash, [1], new OneHash(2)));
        Assert.False(memo.TryAdd(SameHash, [1], new OneHash(1)));
    }

    [Fact]
    public void It_says_when_it_is_full()
    {
        var memo = new SearchMemo<string>(entriesMax: 1);
        Assert.False(memo.IsFullFor(1));
        memo.TryAdd(SameHash, [1], "a");
        Assert.True(memo.IsFullFor(1));
    }

    private readonly record struct OneHash(int Value)
    {
        public override int GetHashCode() => 0;
    }
}
