using System.CommandLine;
using System.CommandLine.Invocation;

namespace ControlPlane.Cpctl;

/// <summary>One run of the tool: parse, report usage errors in one way, otherwise do what was asked and answer an exit code.</summary>
internal static class CpctlApp
{
    /// <summary>A payload may begin with '@'; the parser must not read it as a file of arguments.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static ParseResult Parse(IReadOnlyList<string> args, Terminal terminal) => CpctlRoot.Build(terminal).Parse(args, Parsing);

    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var parsed = Parse(args, terminal);
        if (parsed.Action is ParseErrorAction)
        {
            var command = UsageText.PathOf(parsed.CommandResult.Command);
            FailureReport.Usage([.. parsed.Errors.Select(error => error.Message)], $"{command} --help")
                .Write(terminal, GlobalOptions.IsJson(parsed));
            return (int)ExitCode.Usage;
        }

        // Exceptions are turned into reports where the command runs; Ctrl-C and SIGTERM cancel it and give it time to clean up.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
            Output = terminal.PlainOut,
            Error = terminal.Error,
        });
    }
}
