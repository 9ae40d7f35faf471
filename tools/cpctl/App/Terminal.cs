using System.Text;
using Spectre.Console;

namespace ControlPlane.Cpctl;

/// <summary>
/// Where the tool reads and writes. Results go to standard output; everything that is about the run (progress, errors, hints)
/// goes to standard error, so that pipes carry results only.
/// </summary>
internal sealed class Terminal(Stream input, Stream output, TextWriter error, bool isInteractive, bool mayColour)
{
    // A table that is read by a program must not be folded at the width of a screen that is not there.
    private const int WidthWhenPiped = 240;

    public Stream Input { get; } = input;

    /// <summary>For payloads: bytes as they are.</summary>
    public Stream Output { get; } = output;

    public TextWriter PlainOut { get; } = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    public TextWriter Error { get; } = error;

    /// <summary>A person is looking at standard output.</summary>
    public bool IsInteractive { get; } = isInteractive;

    public IAnsiConsole Console => field ??= Open(PlainOut);

    public static Terminal OfThisProcess()
    {
        var interactive = !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
        var colour = interactive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(System.Console.OpenStandardInput(), System.Console.OpenStandardOutput(), System.Console.Error, interactive, colour);
    }

    private IAnsiConsole Open(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = mayColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!IsInteractive)
        {
            console.Profile.Width = WidthWhenPiped;
        }

        return console;
    }
}
