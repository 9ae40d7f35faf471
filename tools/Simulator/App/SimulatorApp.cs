using System.CommandLine;
using System.CommandLine.Invocation;

namespace ControlPlane.Simulator.App;

/// <summary>One run of the tool: parse, report usage errors in one way, otherwise do what was asked and answer an exit code.</summary>
internal static class SimulatorApp
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal)
    {
        var parsed = SimulatorRoot.Build(terminal).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            var errors = string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.')));
            await terminal.Error.WriteLineAsync($"{SimulatorRoot.Name}: {errors}. See {SimulatorRoot.Name} --help.");
            return (int)ExitCode.Usage;
        }

        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = terminal.Output,
            Error = terminal.Error,
        });
        await terminal.Output.FlushAsync();
        return code;
    }
}
