using System.CommandLine;
using System.Text.Json;

namespace ControlPlane.Cpctl.Tests;

public sealed class UsageTests
{
    public static TheoryData<string, string> WrongCommandLines() => new()
    {
        { "allocat echo", "'allocat'" },
        { "allocate", "Required argument" },
        { "allocate echo --ttl 5", "'5' is not a duration" },
        { "allocate echo --ttl 25h", "at most a day" },
        { "allocate echo --count 101", "from 1 to 100" },
        { "allocate echo --cold maybe", "'maybe'" },
        { "allocate echo --request-id 12", "32 hexadecimal digits" },
        { "allocate echo --selector gpu", "name=value" },
        { "allocate echo --address plane:7070", "is not an address" },
        { "allocate echo --address ,", "is not an address" },
        { "renew L0-5", "is not a lease" },
        { "release", "Required argument" },
        { "invoke", "name a FUNCTION" },
        { "invoke echo --lease L0-5@1", "name a FUNCTION" },
        { "invoke echo --payload a --payload-file b", "not both" },
        { "invoke echo --payload @/no/such/file", "cannot read the payload" },
        { "function deploy /no/such/directory", "there is no directory" },
        { "function deploy . --env MODE", "NAME=VALUE" },
        { "journal fence orders minus", "'minus'" },
        { "completion tcsh", "'tcsh'" },
        { "tenant", "Required command" },
    };

    [Theory]
    [MemberData(nameof(WrongCommandLines))]
    public async Task A_wrong_command_line_ends_with_64_says_what_is_wrong_and_prints_no_result(string line, string complaint)
    {
        var (exit, output, error) = await ScriptedTerminal.RunAsync(line.Split(' '));

        Assert.Equal(64, exit);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Theory]
    [MemberData(nameof(WrongCommandLines))]
    public async Task A_program_gets_its_usage_error_as_json(string line, string complaint)
    {
        var (_, output, error) = await ScriptedTerminal.RunAsync([.. line.Split(' '), "--json"]);

        using var json = JsonDocument.Parse(error);
        Assert.Equal(64, json.RootElement.GetProperty("error").GetProperty("exit").GetInt32());
        Assert.Contains(complaint, json.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("", output);
    }

    [Fact]
    public async Task A_payload_that_begins_with_an_at_sign_is_not_a_file_of_arguments()
    {
        var (_, _, error) = await ScriptedTerminal.RunAsync("invoke", "echo", "--payload", "@/no/such/file");
        Assert.Contains("cannot read the payload", error, StringComparison.Ordinal);
    }

    public static TheoryData<string> EveryCommand()
    {
        using var terminal = new ScriptedTerminal();
        var data = new TheoryData<string>();
        Add(CpctlRoot.Build(terminal.Terminal), "");
        return data;

        void Add(Command command, string path)
        {
            foreach (var child in command.Subcommands)
            {
                data.Add($"{path} {child.Name}".Trim());
                Add(child, $"{path} {child.Name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Every_command_explains_itself_and_every_command_that_runs_has_an_example(string path)
    {
        var (exit, output, _) = await ScriptedTerminal.RunAsync([.. path.Split(' '), "--help"]);

        Assert.Equal(0, exit);
        Assert.DoesNotContain("System.", output, StringComparison.Ordinal);
        if (!output.Contains("Commands:", StringComparison.Ordinal))
        {
            Assert.Contains($"Examples:\n  ", output, StringComparison.Ordinal);
            Assert.Contains($"cpctl {path}", output[output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_help_lists_every_exit_code()
    {
        var (_, output, _) = await ScriptedTerminal.RunAsync("--help");
        foreach (var code in Enum.GetValues<ExitCode>())
        {
            Assert.Matches($@"\n  {(int)code}\s", output);
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_completion_script_asks_the_tool_itself(string shell)
    {
        var (exit, output, _) = await ScriptedTerminal.RunAsync("completion", shell);
        Assert.Equal(0, exit);
        Assert.Contains("[suggest:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tool_suggests_what_may_come_next()
    {
        var (_, output, _) = await ScriptedTerminal.RunAsync("[suggest:9]", "worker dr");
        Assert.Contains("drain", output.Split('\n'));
    }
}
