using CsCheck;

namespace ControlPlane.Replication.Tests.Registers;

public sealed class RegisterExplorationTests
{
    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    public void Whatever_is_lost_repeated_overtaken_or_crashed_there_is_one_history(int proposers, bool changesAcceptors) =>
        Gen.ULong.Sample(seed => new RegisterWorld(seed, proposers, changesAcceptors).Run(700), iter: 800);

    [Fact]
    public void The_exploration_reaches_what_it_is_meant_to_reach()
    {
        int replaced = 0, refused = 0, unknown = 0, changes = 0;
        for (var seed = 0ul; seed < 200; seed++)
        {
            var world = new RegisterWorld(seed, 3, changesAcceptors: true);
            world.Run(700);
            replaced += world.Proposers.Sum(p => p.Replaced.Count);
            refused += world.Proposers.Sum(p => p.NotReplaced.Count);
            unknown += world.Proposers.Sum(p => p.Unknown);
            changes += world.History.AcceptorChanges;
        }

        Assert.True(replaced > 300 && refused > 150 && unknown > 0 && changes > 150, $"{replaced} replaced, {refused} refused, {unknown} unknown, {changes} changes of acceptors");
    }
}
