using System.Text;
using Spectre.Console;

namespace ControlPlane.JournalInspector.App;

/// <summary>
/// Where the tool writes. Results go to standard output; what is about the run (progress, errors) goes to standard error, so
/// that pipes carry results only.
/// </summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isInteractive, bool showsProgress)
{
    // A table that is read by a program must not be folded at the width of a screen that is not there.
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

    private IAnsiConsole Open()
    {
        var colour = isInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
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
