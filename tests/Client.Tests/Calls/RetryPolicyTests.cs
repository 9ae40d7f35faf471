using CsCheck;

namespace ControlPlane.Client.Tests;

public sealed class RetryPolicyTests
{
    [Fact]
    public void A_wait_is_between_half_and_all_of_the_doubled_first_and_never_above_the_longest() =>
        Gen.Select(Gen.Int[1, 200], Gen.Double[0, 1]).Sample((attempt, jitter) =>
        {
            var policy = new RetryPolicy { BackoffFirst = TimeSpan.FromMilliseconds(20), BackoffMax = TimeSpan.FromSeconds(1) };
            var most = Math.Min(1_000, 20 * Math.Pow(2, Math.Min(attempt - 1, 30)));
            var wait = policy.BackoffAfter(attempt, jitter).TotalMilliseconds;
            Assert.InRange(wait, (most / 2) - 0.01, most + 0.01);
        });

    [Fact]
    public void Clients_that_failed_together_do_not_come_back_together()
    {
        var policy = new RetryPolicy();
        Assert.True(policy.BackoffAfter(5, 0) < policy.BackoffAfter(5, 0.5));
        Assert.True(policy.BackoffAfter(5, 0.5) < policy.BackoffAfter(5, 1));
    }
}
