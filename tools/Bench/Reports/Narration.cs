using Spectre.Console;

namespace ControlPlane.Bench.Reports;

/// <summary>Says what is being measured: a spinner in a terminal, lines elsewhere, nothing with <c>--json</c>.</summary>
internal static class Narration
{
    public static Task DuringAsync(bool silent, Func<Action<string>, Task> work)
    {
        if (silent)
        {
            return work(_ => { });
        }

        return AnsiConsole.Profile.Capabilities.Interactive
            ? AnsiConsole.Status().StartAsync("starting", context => work(step => context.Status = Markup.Escape(step)))
            : work(step => Console.Error.WriteLine(step));
    }
}
