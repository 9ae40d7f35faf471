namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>A text that people read, or the source that is compiled in its place, as a resource of the tests.</summary>
internal static class Document
{
    public static string[] Lines(string resource)
    {
        using var stream = typeof(Document).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
    }

    /// <summary>The arguments of every line that begins with <c>cpctl</c>, without what is remarked behind it.</summary>
    public static List<string[]> Commands(string resource) =>
        [.. Lines(resource).Where(line => line.StartsWith("cpctl ", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0].Replace("'", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])];

    /// <summary>The C# example of a text is the one that is compiled as <paramref name="source"/>, but for the address and the console.</summary>
    public static void ShowsWhatIsCompiled(string resource, string source)
    {
        var shown = Lines(resource).SkipWhile(line => line != "```csharp").Skip(1).TakeWhile(line => line != "```")
            .Where(line => line.Length > 0 && !line.StartsWith("using ControlPlane.", StringComparison.Ordinal))
            .Select(line => line.Trim()
                .Replace("\"http://127.0.0.1:7070\"", "address", StringComparison.Ordinal)
                .Replace("Console.WriteLine(", "await console.WriteLineAsync(", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(shown);
        var compiled = Lines(source).Select(line => line.Trim()).Where(line => line.Length > 0).SkipWhile(line => line != shown[0]).Take(shown.Count);
        Assert.Equal(shown, compiled);
    }
}
