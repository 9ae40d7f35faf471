using ControlPlane.Worker.Session;
using CsCheck;

namespace ControlPlane.Worker.Tests.Session;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0.0, 0.5)]
    [InlineData(1.0, 1.0)]
    public void Waits_double_up_to_the_longest(double random, double share)
    {
        var backoff = new Backoff(() => random);

        int[] whole = [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000];
        Assert.Equal(whole.Select(ms => ms * share), whole.Select(_ => backoff.Next(isElection: false).TotalMilliseconds));
    }

    [Fact]
    public void Every_wait_is_between_half_and_all_of_its_step() =>
        Gen.Double[0, 1].Array[1, 20].Sample(draws =>
        {
            var turn = 0;
            var backoff = new Backoff(() => draws[turn++]);
            var whole = 50.0;
            foreach (var _ in draws)
            {
                Assert.InRange(backoff.Next(isElection: false).TotalMilliseconds, whole / 2, whole);
                whole = Math.Min(whole * 2, 5000);
            }
        });

    [Fact]
    public void In_an_election_every_wait_is_about_a_quarter_of_all_before_until_the_longest()
    {
        var backoff = new Backoff(() => 1);
        var waited = TimeSpan.FromMilliseconds(200);
        for (var wait = backoff.Next(isElection: true); wait < TimeSpan.FromSeconds(5); wait = backoff.Next(isElection: true))
        {
            Assert.Equal(waited.TotalMilliseconds / 4, wait.TotalMilliseconds, tolerance: 0.1);
            waited += wait;
        }

        Assert.Equal(TimeSpan.FromSeconds(5), backoff.Next(isElection: true));
    }

    [Fact]
    public void An_opened_session_starts_it_over()
    {
        var backoff = new Backoff(() => 1);
        backoff.Next(isElection: false);
        backoff.Next(isElection: false);

        backoff.Reset();

        Assert.Equal(TimeSpan.FromMilliseconds(50), backoff.Next(isElection: false));
    }

    [Fact]
    public void A_leader_that_was_not_named_before_is_dialled_at_once_and_the_same_again_is_no_news()
    {
        var backoff = new Backoff(() => 1);
        backoff.Next(isElection: true);
        backoff.Named("http://127.0.0.1:1");
        Assert.Equal(TimeSpan.Zero, backoff.Next(isElection: true));
        backoff.Named("http://127.0.0.1:1");
        Assert.Equal(TimeSpan.FromMilliseconds(50), backoff.Next(isElection: false));
        Assert.Equal(TimeSpan.FromMilliseconds(100), backoff.Next(isElection: false));

        backoff.Named("http://127.0.0.1:2");

        Assert.Equal(TimeSpan.Zero, backoff.Next(isElection: false));
        Assert.Equal(TimeSpan.FromMilliseconds(50), backoff.Next(isElection: false));
    }

    [Fact]
    public void Nodes_that_name_each_other_are_not_dialled_in_a_tight_loop()
    {
        var backoff = new Backoff(() => 1);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            backoff.Named($"http://127.0.0.1:{i % 2}");
            waits.Add(backoff.Next(isElection: true));
        }

        Assert.Equal(5, waits.Count(wait => wait >= TimeSpan.FromMilliseconds(50)));
    }
}
