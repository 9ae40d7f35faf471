using System.Text;
using Spectre.Console;

namespace ControlPlane.Simulator.App;

/// <summary>Where the tool writes: results to standard output, what is about the run (progress, errors) to standard error.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive, bool showsProgress)
{
    private const int WidthWhenPiped = 400;

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>A person is looking at standard error.</summary>
    public bool ShowsProgress { get; } = showsProgress;

    public IAnsiConsole Console => field ??= Open();

    public static Terminal OfThisProcess() => new(
        new StreamWriter(System.Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16),
        System.Console.Error,
        isInteractive: !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        showsProgress: !System.Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb");

    /// <summary>Shows how far a run is, on one line that is written over.</summary>
    public void Progress(string line)
    {
        if (ShowsProgress)
        {
            Error.Write($"\r{line}\u001b[K");
        }
    }

    private IAnsiConsole Open()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        if (!isInteractive)
        {
            console.Profile.Width = WidthWhenPiped;
        }

        return console;
    }
}
