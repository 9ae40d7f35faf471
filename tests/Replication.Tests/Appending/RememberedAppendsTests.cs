using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Appending;

public sealed class RememberedAppendsTests
{
    private readonly RememberedAppends _appends = new();

    [Fact]
    public void A_lower_number_that_was_never_made_is_new_not_forgotten()
    {
        Remember(5);
        Assert.Equal(RememberedAppends.Knowledge.New, Find(3));
    }

    [Fact]
    public void Beyond_the_window_of_a_client_the_oldest_is_forgotten_and_said_to_be()
    {
        for (var n = 1UL; n <= RememberedAppends.PerClientMax + 1; n++)
        {
            Remember(n);
        }

        Assert.Equal(RememberedAppends.Knowledge.Forgotten, Find(1));
        Assert.Equal(RememberedAppends.Knowledge.Remembered, Find(2));
        Assert.Equal(RememberedAppends.PerClientMax, _appends.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(3_000)]
    public void Whatever_the_order_in_which_numbers_come_the_highest_are_remembered(int apart)
    {
        const ulong Numbers = 5_000;
        var order = Enumerable.Range(1, (int)Numbers).Select(number => (ulong)number).ToArray();
        var random = new Random(7);
        for (var i = 0; i < order.Length; i++)
        {
            var other = Math.Min(order.Length - 1, i + random.Next(apart));
            (order[i], order[other]) = (order[other], order[i]);
        }

        var model = new SortedSet<ulong>();
        var forgottenThrough = 0UL;
        foreach (var number in order.Where(number => number > forgottenThrough))
        {
            Remember(number);
            model.Add(number);
            if (model.Count > RememberedAppends.PerClientMax)
            {
                forgottenThrough = model.Min;
                model.Remove(model.Min);
            }

            if (number % 97 == 0)
            {
                var around = Enumerable.Range(0, 200).Select(_ => (ulong)random.NextInt64(1, (long)Numbers)).ToList();
                Assert.All(around, at => Assert.Equal(model.Contains(at), Find(at) == RememberedAppends.Knowledge.Remembered));
                Assert.Equal(model.Count, _appends.Count);
            }
        }

        Assert.All(model, number =>
        {
            _appends.Find(Client, new ClientSequence(number), out var append, out _);
            Assert.Equal(At(number), append);
        });
    }

    [Fact]
    public void All_clients_together_are_bounded()
    {
        const int Extra = 100;
        for (var n = 1; n <= RememberedAppends.TotalMax + Extra; n++)
        {
            _appends.Remember(new ClientId((UInt128)n), new ClientSequence(1), At((ulong)n));
        }

        Assert.Equal(RememberedAppends.TotalMax, _appends.Count);
        Assert.Equal(RememberedAppends.Knowledge.New, _appends.Find(new ClientId(Extra), new ClientSequence(1), out _, out _));
        Assert.Equal(RememberedAppends.Knowledge.Remembered, _appends.Find(new ClientId(Extra + 1), new ClientSequence(1), out _, out _));
    }

    [Fact]
    public void What_a_snapshot_restores_has_the_same_past_and_the_same_future()
    {
        for (var n = 1UL; n <= RememberedAppends.PerClientMax + 10; n++)
        {
            Remember(n);
        }

        var restored = RememberedAppends.Read(Bytes(_appends), out var rest);
        Assert.True(rest.IsEmpty);
        Assert.Equal(RememberedAppends.Knowledge.Forgotten, restored.Find(Client, new ClientSequence(10), out _, out var oldest));
        Assert.Equal(new ClientSequence(11), oldest);
        Assert.Equal(RememberedAppends.Knowledge.Remembered, restored.Find(Client, new ClientSequence(11), out var append, out _));
        Assert.Equal(At(11), append);
        Assert.Equal(Bytes(_appends), Bytes(restored));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(30)]
    public void A_snapshot_that_ends_early_is_refused(int length)
    {
        Remember(1);
        var bytes = Bytes(_appends);
        Assert.Throws<FormatException>(() => RememberedAppends.Read(bytes.AsSpan(0, length), out _));
    }

    private static byte[] Bytes(RememberedAppends appends)
    {
        var buffer = new ArrayBufferWriter<byte>();
        appends.Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static RememberedAppends.Append At(ulong position) => new(new SequenceNumber(position), new SequenceNumber(position), position * 31);

    private void Remember(ulong sequence) => _appends.Remember(Client, new ClientSequence(sequence), At(sequence));

    private RememberedAppends.Knowledge Find(ulong sequence) => _appends.Find(Client, new ClientSequence(sequence), out _, out _);
}
