namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>More of them: <c>CONTROLPLANE_SEEDS=20000 dotnet test tests/Replication.Tests --filter RandomHistory</c>.</summary>
public sealed class RandomHistoryTests
{
    private const int Steps = 600;

    [Fact]
    public void Whatever_fails_and_in_whatever_order_what_is_committed_stays_and_the_journal_goes_on()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("CONTROLPLANE_SEEDS"), out var wanted) ? wanted : 300;
        var committed = 0;
        var reigns = 0UL;
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var history = new RandomHistory(seed);
            try
            {
                history.Play(Steps);
                history.Heal();
                Assert.False(history.AskedForSnapshots, "a snapshot was asked for that nobody needed");
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException { Message: var said } || !said.StartsWith("seed", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }

            committed += history.Cluster.Committed.Count;
            reigns += history.Cluster.HighestEpoch.Value;
        }

        // The histories are worth something only if things happen in them.
        Assert.True(committed > 5 * seeds, $"{committed} entries were committed in {seeds} histories");
        Assert.True(reigns > 2 * (ulong)seeds, $"{reigns} reigns in {seeds} histories");
        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds} histories, {committed} entries committed, {reigns} reigns");
    }
}
