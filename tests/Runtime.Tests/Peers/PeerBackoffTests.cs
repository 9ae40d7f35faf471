using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Tests.Peers;

public sealed class PeerBackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_longest_and_begin_anew_after_a_success()
    {
        var backoff = new PeerBackoff(new Random(1));
        double[] nominal = [50, 100, 200, 400, 800, 1000, 1000];
        foreach (var milliseconds in nominal)
        {
            Assert.InRange(backoff.Next().TotalMilliseconds, milliseconds / 2, milliseconds);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 25, 50);
    }
}
