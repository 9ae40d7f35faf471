using System.Runtime.CompilerServices;
using System.Text;

namespace ControlPlane.JournalInspector.Tests;

/// <summary>
/// Pins the tool's output to a file beside the tests. To accept a change on purpose run the tests with
/// <c>GOLDEN_ACCEPT=1</c> and look at the difference.
/// </summary>
internal static class Golden
{
    /// <summary>Runs each command line on <paramref name="directory"/> (written DIR in the file, also at the start of a longer path) and compares everything that came out.</summary>
    public static async Task MatchesAsync(string directory, string[] commands, [CallerMemberName] string name = "", [CallerFilePath] string source = "")
    {
        var actual = new StringBuilder();
        foreach (var command in commands)
        {
            var run = await Inspector.RunAsync([.. command.Split(' ').Select(word => word == "DIR" || word.StartsWith("DIR/", StringComparison.Ordinal) ? directory + word[3..] : word)]);
            actual.Append("$ journal-inspector ").Append(command).Append('\n');
            actual.Append(Lines(run.Output)).Append(run.Error.Length > 0 ? $"[error] {Lines(run.Error)}" : "");
            actual.Append("[exit ").Append(run.Exit).Append("]\n\n");
        }

        Compare(actual.ToString().Replace(directory, "DIR", StringComparison.Ordinal), name, source);
    }

    private static void Compare(string actual, string name, string source)
    {
        if (Environment.GetEnvironmentVariable("GOLDEN_ACCEPT") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(source)!, "..", "Golden", name + ".txt"), actual);
            return;
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".txt")), actual);
    }

    private static string Lines(string text) => text.Length == 0 ? "" : string.Concat(text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd() + "\n"));
}
