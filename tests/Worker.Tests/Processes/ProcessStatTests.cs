using ControlPlane.Worker.Processes;

namespace ControlPlane.Worker.Tests.Processes;

public sealed class ProcessStatTests
{
    [Fact]
    public void A_name_with_parentheses_and_spaces_does_not_shift_the_fields()
    {
        Assert.True(ProcessStat.TryParse(Line("a) R (b", 'S', threads: 1), out var stat));
        Assert.Equal(new ProcessStat(42, 'S', 40, 39, 1, 777, 12), stat);
    }

    [Theory]
    [InlineData('S', 1, true)]
    [InlineData('Z', 1, false)]
    [InlineData('X', 0, false)]
    [InlineData('Z', 3, true)]
    public void A_zombie_is_alive_only_while_other_threads_of_it_run(char state, int threads, bool alive)
    {
        Assert.True(ProcessStat.TryParse(Line("x", state, threads), out var stat));
        Assert.Equal(alive, stat.IsAlive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 (cut")]
    [InlineData("42 (cut) S 1 2")]
    public void What_is_not_a_whole_line_is_refused(string line) => Assert.False(ProcessStat.TryParse(line, out _));

    private static string Line(string name, char state, int threads) =>
        $"42 ({name}) {state} 1 40 39 0 -1 0 0 0 0 0 0 0 0 0 20 0 {threads} 0 777 1000 12 0 0";
}
