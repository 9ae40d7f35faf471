using System.Text.Json;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>How a command ended, and what it said.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as one JSON document.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Standard output as a JSON document per line.</summary>
    public IReadOnlyList<JsonElement> JsonLines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The error that a program gets.</summary>
    public JsonElement ErrorJson => JsonDocument.Parse(Error).RootElement.GetProperty("error");

    /// <summary>Fails with everything that was said unless the command ended with <paramref name="code"/>.</summary>
    public CommandResult Ended(int code)
    {
        Assert.True(ExitCode == code, $"ended with {ExitCode} instead of {code}\n--- output\n{Output}\n--- error\n{Error}");
        return this;
    }
}
