namespace ControlPlane.Cpctl.Tests;

/// <summary>Every command line in the texts that people follow is one that cpctl understands.</summary>
public sealed class GuideTests
{
    public static TheoryData<string> CommandLines()
    {
        var lines = new TheoryData<string>();
        foreach (var text in new[] { "deploy.md", "cpctl.md", "JOURNAL.md" })
        {
            using var reader = new StreamReader(typeof(GuideTests).Assembly.GetManifestResourceStream(text)!);
            foreach (var line in reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n').Where(line => line.StartsWith("cpctl ", StringComparison.Ordinal)))
            {
                lines.Add(line.Split(" #", 2)[0].TrimEnd());
            }
        }

        return lines;
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void It_can_be_typed_as_it_stands(string line)
    {
        using var terminal = new ScriptedTerminal();
        var root = CpctlRoot.Build(terminal.Terminal);

        var parsed = root.Parse(line["cpctl ".Length..]);

        // Files that the text speaks of are not here.
        Assert.DoesNotContain(parsed.Errors, error => !error.Message.Contains("there is no directory", StringComparison.Ordinal));
    }
}
