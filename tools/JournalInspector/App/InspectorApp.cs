using System.CommandLine;
using System.CommandLine.Invocation;
using ControlPlane.Journal.Disk;

namespace ControlPlane.JournalInspector.App;

/// <summary>One run of the tool: parse, report usage errors in one way, otherwise do what was asked and answer an exit code.</summary>
internal static class InspectorApp
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, IDisk disk, CancellationToken cancellation = default)
    {
        var parsed = InspectorRoot.Build(terminal, disk).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            var path = parsed.CommandResult.Command is RootCommand ? InspectorRoot.Name : $"{InspectorRoot.Name} {parsed.CommandResult.Command.Name}";
            var errors = string.Join("; ", parsed.Errors.Select(error => error.Message.TrimEnd('.')));
            new Failure(ExitCode.Usage, $"{errors}. See {path} --help.").Write(terminal, args.Contains(GlobalOptions.Json.Name));
            return (int)ExitCode.Usage;
        }

        var code = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            Output = terminal.Output,
            Error = terminal.Error,
        }, cancellation);
        await terminal.Output.FlushAsync(CancellationToken.None);
        return code;
    }
}
