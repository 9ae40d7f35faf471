using CsCheck;

namespace ControlPlane.Replication.Tests.Registers;

public sealed class RegisterExplorationTests
{
    [Theory]
    [InlineData(2, 0, 5)]
    [InlineData(4, 0, 20)]
    [InlineData(2, 40, 5)]
    [InlineData(4, 40, 20)]
    [InlineData(4, 90, 35)]
    public void Whatever_is_lost_repeated_overtaken_or_crashed_there_is_one_history(int proposers, int changesPercent, int lossPercent) =>
        Gen.ULong.Sample(seed => new RegisterWorld(seed, proposers, changesPercent, lossPercent).Run(700), iter: 1_000);

    [Fact]
    public void The_exploration_reaches_what_it_is_meant_to_reach()
    {
        int replaced = 0, refused = 0, unknown = 0, changes = 0;
        for (var seed = 0ul; seed < 400; seed++)
        {
            var world = new RegisterWorld(seed, 3, changesPercent: 40);
            world.Run(700);
            replaced += world.Proposers.Sum(p => p.Replaced.Count);
            refused += world.Proposers.Sum(p => p.NotReplaced.Count);
            unknown += world.Proposers.Sum(p => p.Unknown);
            changes += world.History.AcceptorChanges;
        }

        Assert.True(replaced > 300 && refused > 150 && unknown > 0 && changes > 150, $"{replaced} replaced, {refused} refused, {unknown} unknown, {changes} changes of acceptors");
    }
}
