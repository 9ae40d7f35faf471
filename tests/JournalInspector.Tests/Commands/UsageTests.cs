namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("verify --help")]
    public async Task Help_explains_the_exit_codes(string arguments)
    {
        var run = await Inspector.RunAsync(arguments.Split(' '));
        Assert.Equal(0, run.Exit);
        Assert.Contains("Exit codes:", run.Output, StringComparison.Ordinal);
        Assert.Contains("acknowledged data is damaged", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("info")]
    [InlineData("tango DIR")]
    [InlineData("dump DIR --from x")]
    [InlineData("dump DIR --from 0")]
    [InlineData("dump DIR --type nonsense")]
    [InlineData("dump DIR --format xml")]
    [InlineData("dump DIR --sandbox L0-4")]
    [InlineData("dump DIR --client 12")]
    [InlineData("state DIR --at -1")]
    [InlineData("tail DIR --lines -1")]
    [InlineData("hash DIR --every 0")]
    [InlineData("diff DIR")]
    [InlineData("salvage DIR")]
    [InlineData("whatif DIR")]
    [InlineData("whatif DIR --policy telepathy")]
    [InlineData("trace DIR")]
    [InlineData("trace DIR --lease 3 --sandbox 4")]
    public async Task Wrong_usage_ends_with_64_and_says_where_to_look(string arguments)
    {
        var run = await Inspector.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(64, run.Exit);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }
}
