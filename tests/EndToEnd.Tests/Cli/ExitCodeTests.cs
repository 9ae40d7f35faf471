using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>What scripts rely on when something is wrong, and what shells load.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class ExitCodeTests(RunningPlane running)
{
    [Fact]
    public async Task A_refusal_is_1_with_its_reason()
    {
        var refused = (await Cpctl.RunAsync(running.Address, "allocate", "nobody", "--json")).Ended(1);
        Assert.Equal(("refused", "UNKNOWN_FUNCTION"), (refused.ErrorJson.GetProperty("outcome").GetString(), refused.ErrorJson.GetProperty("reason").GetString()));
        Assert.Empty(refused.Output);
    }

    [Fact]
    public async Task Wrong_usage_is_64_and_nothing_is_sent() =>
        Assert.Contains("--count", (await Cpctl.RunAsync(running.Address, "allocate", EchoFunction.Name, "--count", "0")).Ended(64).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Nobody_there_is_69()
    {
        var nobody = $"http://127.0.0.1:{LoopbackPorts.TakePair()}";
        var answer = (await Cpctl.RunAsync(nobody, "status", "--timeout", "300ms", "--json")).Ended(69);
        Assert.Equal("UNREACHABLE", answer.ErrorJson.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_is_78_and_names_the_key()
    {
        var answer = (await Cpctl.RunAsync(running.Address, "serve", "--listen", "0.0.0.0:7070")).Ended(78);
        Assert.Contains("Listen", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default")]
    [InlineData("zsh", "#compdef cpctl")]
    [InlineData("fish", "complete -c cpctl")]
    public async Task A_completion_script_is_printed_for_each_shell(string shell, string part) =>
        Assert.Contains(part, (await Cpctl.RunAsync(running.Address, "completion", shell)).Ended(0).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Completion_knows_the_commands() =>
        Assert.Contains("allocate", (await Cpctl.RunAsync(running.Address, "[suggest:2]", "al")).Ended(0).Output.Split('\n'));
}
