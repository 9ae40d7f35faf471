using System.Text.Json;
using ControlPlane.CrashExplorer.App;

namespace ControlPlane.CrashExplorer.Tests.App;

public sealed class ExplorerAppTests
{
    [Fact]
    public async Task A_pass_is_0_and_the_table_has_a_row_for_each_kind()
    {
        var (code, output, _) = await RunAsync("explore-crash", "--workload", "creation", "--faults", "kill,power-cut");
        Assert.Equal(0, code);
        Assert.Contains("creation  kill", output, StringComparison.Ordinal);
        Assert.Contains("creation  power-cut", output, StringComparison.Ordinal);
        Assert.Contains("no violation", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_for_programs()
    {
        var (code, output, _) = await RunAsync("--workload", "creation", "--faults", "kill", "--json", "--jobs", "1");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(0, document.RootElement.GetProperty("violations").GetInt64());
        Assert.Equal("kill", document.RootElement.GetProperty("rows")[0].GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("--workload", "nonsense")]
    [InlineData("--faults", "kill,nonsense")]
    [InlineData("--depth", "deep")]
    [InlineData("--jobs", "0")]
    [InlineData("replay", "/nowhere")]
    public async Task Wrong_usage_is_64(params string[] args)
    {
        var (code, _, error) = await RunAsync(args);
        Assert.Equal(64, code);
        Assert.StartsWith("explore-crash: ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ExplorerApp.RunAsync(args, output, error, showsProgress: false);
        return (code, output.ToString(), error.ToString());
    }
}
