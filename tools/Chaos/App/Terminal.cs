using System.Text;
using Spectre.Console;

namespace ControlPlane.Chaos.App;

/// <summary>
/// Where the tool writes. Results go to standard output; what is about the run (progress, errors) goes to standard error, so that pipes carry
/// results only.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive, bool showsProgress)
{
    // A table that is read by a program must not be folded at the width of a screen that is not there.
    private const int WidthWhenPiped = 240;

    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    /// <summary>A person is looking at standard error, on a screen that can be drawn anew.</summary>
    public bool ShowsProgress { get; } = showsProgress;

    public IAnsiConsole Console => field ??= Open(Output, isInteractive);

    /// <summary>For the live view.</summary>
    public IAnsiConsole ErrorConsole => field ??= Open(Error, ShowsProgress);

    public static Terminal OfThisProcess()
    {
        var canDraw = Environment.GetEnvironmentVariable("TERM") is { } term && term != "dumb";
        return new Terminal(
            new StreamWriter(System.Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true },
            System.Console.Error,
            !System.Console.IsOutputRedirected && canDraw,
            !System.Console.IsErrorRedirected && canDraw);
    }

    private static IAnsiConsole Open(TextWriter writer, bool isInteractive)
    {
        var colour = isInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isInteractive)
        {
            console.Profile.Width = WidthWhenPiped;
        }

        return console;
    }
}
