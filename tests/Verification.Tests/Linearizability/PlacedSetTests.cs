using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Tests.Linearizability;

public sealed class PlacedSetTests
{
    private const int Completed = 200;
    private const int Pending = 70;

    /// <summary>Few, so that sets come again, and at the edges of words.</summary>
    private static readonly int[] Changing = [0, 1, 63, 64, 127, 128, 199, 200, 263, 264, 269];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_sets_have_the_same_key_and_hash_only_if_they_are_the_same(bool otherwiseFull)
    {
        var random = new SeededRandom(3);
        var set = new PlacedSet(Completed, Pending);
        var members = new HashSet<int>();
        var known = new Dictionary<string, (string Members, ulong Hash)>();
        foreach (var operation in Enumerable.Range(0, otherwiseFull ? Completed : 0).Except(Changing))
        {
            set.Add(operation);
        }

        for (var step = 0; step < 20_000; step++)
        {
            var operation = Changing[random.Below(Changing.Length)];
            if (members.Remove(operation))
            {
                set.Remove(operation);
            }
            else
            {
                members.Add(operation);
                set.Add(operation);
            }

            var content = string.Join(",", members.Order());
            var first = known.GetValueOrDefault(KeyOf(set), (content, set.Hash));
            Assert.Equal(first, (content, set.Hash));
            known[KeyOf(set)] = first;
            Assert.Equal(members.Contains(operation), set.Contains(operation));
        }

        Assert.Equal(known.Count, known.Values.Select(value => value.Members).Distinct().Count());
    }

    [Fact]
    public void A_key_is_as_short_as_what_is_open_is_narrow()
    {
        var set = new PlacedSet(completed: 100_000, pending: 0);
        for (var operation = 0; operation < 50_000; operation++)
        {
            set.Add(operation);
        }

        set.Remove(49_990);
        Assert.InRange(set.WriteKey(new ulong[set.KeyWordsMax]), 1, 3);
    }

    private static string KeyOf(PlacedSet set)
    {
        var key = new ulong[set.KeyWordsMax];
        return string.Join(",", key.Take(set.WriteKey(key)));
    }
}
