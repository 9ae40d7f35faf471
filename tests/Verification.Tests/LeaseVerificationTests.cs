using ControlPlane.Verification.Histories;
using CsCheck;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests;

/// <summary>Histories of a plane that does everything right, and of ones that do one thing wrong.</summary>
public sealed class LeaseVerificationTests
{
    private const int Sandboxes = 3;

    [Fact]
    public void Whatever_a_correct_plane_shows_to_its_clients_is_accepted() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (story, _) = Tell(new Random(seed), steps: 60);
        Assert.Empty(LeaseVerification.Check(story.History));
    });

    [Fact]
    public void A_grant_of_a_sandbox_that_is_held_is_always_found() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (story, held) = Tell(new Random(seed), steps: 60, atLeastOneHeld: true);
        var stolen = held[0];
        story.Granted(1_000, 1_001, 9_999, Lease(9_999, stolen.Sandbox.Position.Value, ttl: 100_000));
        Assert.Contains(LeaseVerification.Check(story.History), violation => violation.Sentence.Contains($"{stolen.Sandbox} was held by {stolen.Id}", StringComparison.Ordinal));
    });

    [Fact]
    public void A_lease_that_a_restart_forgot_is_always_found() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var (story, held) = Tell(new Random(seed), steps: 60, atLeastOneHeld: true);
        story.Listed(1_000, 1_001, [.. held.Skip(1)]);
        Assert.Contains(LeaseVerification.Check(story.History), violation => violation.Sentence.StartsWith($"{held[0]} was acknowledged", StringComparison.Ordinal));
    });

    /// <summary>A plane in a few lines, one call after another: each takes effect at a random time of its call, and some answers are lost.</summary>
    private static (HistoryStory Story, List<GrantedLease> Held) Tell(Random random, int steps, bool atLeastOneHeld = false)
    {
        var story = new HistoryStory();
        var held = new List<GrantedLease>();
        var free = new Queue<ulong>(Enumerable.Range(1, Sandboxes).Select(number => (ulong)number));
        ulong position = 100;
        double now = 0;
        for (var step = 0; step < steps || (atLeastOneHeld && held.Count == 0); step++)
        {
            now += random.NextDouble();
            var done = now + random.NextDouble();
            var lease = held.Count > 0 ? held[random.Next(held.Count)] : null;
            position++;
            switch (random.Next(4))
            {
                case 0 or 1 when free.TryDequeue(out var sandbox):
                    var granted = Lease(position, sandbox, ttl: 100_000);
                    if (random.Next(4) == 0)
                    {
                        story.NeverAnswered(now, done, position).Granted(done + 0.1, done + 0.2, position, granted, replayed: true);
                        done += 0.2;
                    }
                    else
                    {
                        story.Granted(now, done, position, granted);
                    }

                    held.Add(granted);
                    break;
                case 2 when lease is not null:
                    story.Released(now, done, lease, random.Next(4) == 0 ? OperationOutcome.Unknown : OperationOutcome.Ok);
                    held.Remove(lease);
                    free.Enqueue(lease.Sandbox.Position.Value);
                    break;
                case 3 when lease is not null:
                    story.Renewed(now, done, lease, ttl: 100_000).Ran(now, done, lease).Listed(now, done, [.. held]);
                    break;
                default:
                    story.Listed(now, done, [.. held]);
                    break;
            }

            now = done;
        }

        return (story, held);
    }
}
