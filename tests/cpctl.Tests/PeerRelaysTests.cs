using System.Net;

namespace ControlPlane.Cpctl.Tests;

/// <summary>Which directions of which links a cut closes.</summary>
public sealed class PeerRelaysTests
{
    [Fact]
    public async Task A_node_is_cut_off_on_the_connections_that_it_dials_and_on_those_that_it_accepts()
    {
        IPEndPoint[] nodes = [.. Enumerable.Repeat(new IPEndPoint(IPAddress.Loopback, 9), 3)];
        await using var relays = new PeerRelays(nodes);
        Assert.Equal(6, Pairs().Select(pair => relays.Address(pair.From, pair.To)).Distinct().Count());

        foreach (var loss in Enum.GetValues<Loss>())
        {
            relays.Cut(1, loss);
            foreach (var (from, to) in Pairs())
            {
                var sends = from == 1;
                var concerns = sends || to == 1;
                Assert.Equal(!concerns || sends != (loss == Loss.OfWhatItSends), relays.Between(from, to).Onward.IsOpen);
                Assert.Equal(!concerns || sends == (loss == Loss.OfWhatItSends), relays.Between(from, to).Back.IsOpen);
            }

            relays.Heal();
            Assert.All(Pairs(), pair => Assert.True(relays.Between(pair.From, pair.To) is { Onward.IsOpen: true, Back.IsOpen: true }));
        }
    }

    private static IEnumerable<(int From, int To)> Pairs() =>
        from one in Enumerable.Range(0, 3) from other in Enumerable.Range(0, 3) where one != other select (one, other);
}
