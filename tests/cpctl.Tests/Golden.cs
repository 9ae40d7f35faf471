using System.Runtime.CompilerServices;
using Spectre.Console;

namespace ControlPlane.Cpctl.Tests;

/// <summary>
/// Pins output to a file beside the tests. To accept a change on purpose run the tests with <c>GOLDEN_ACCEPT=1</c> and look at the difference.
/// </summary>
internal static class Golden
{
    public static void Matches(View view, [CallerMemberName] string name = "", [CallerFilePath] string source = "")
    {
        var actual = $"{Rendered(view)}---\n{view.ToJson()}\n";
        if (Environment.GetEnvironmentVariable("GOLDEN_ACCEPT") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "Golden", name + ".txt"), actual);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".txt")), actual);
    }

    private static string Rendered(View view)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(view.Render());
        return string.Concat(text.ToString().Split('\n').Select(line => line.TrimEnd() + "\n"))[..^1];
    }
}
