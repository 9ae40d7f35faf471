using System.CommandLine;
using System.CommandLine.Invocation;

namespace ControlPlane.Chaos.App;

/// <summary>One run of the tool: parse, report usage errors in one way, otherwise do what was asked and answer an exit code.</summary>
internal static class ChaosApp
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var parsed = ChaosRoot.Build(terminal).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            var path = parsed.CommandResult.Command is RootCommand ? ChaosRoot.Name : $"{ChaosRoot.Name} {parsed.CommandResult.Command.Name}";
            await terminal.Error.WriteLineAsync($"{ChaosRoot.Name}: {string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.')))}. See {path} --help.");
            return (int)ExitCode.Usage;
        }

        // Ctrl-C and SIGTERM cancel the command and give it time to clean up; whatever it leaves all the same, the guard ends (Processes/).
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(60),
            Output = terminal.Output,
            Error = terminal.Error,
        });
    }
}
