using System.CommandLine;
using ControlPlane.Chaos.App;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Commands;

/// <summary>A scenario by its file, or by the name of one that travels with the tool.</summary>
internal static class ScenarioArgument
{
    private const string Extension = ".jsonc";

    public static string Directory => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    /// <summary>The files that travel with the tool, in order of their names.</summary>
    public static IReadOnlyList<string> Shipped => [.. System.IO.Directory.GetFiles(Directory, $"*{Extension}").Order(StringComparer.Ordinal)];

    public static Argument<string> New() => new("SCENARIO") { Description = "A scenario file, or the name of one that travels with the tool (`scenarios` lists them)." };

    public static Scenario Load(string nameOrFile)
    {
        var file = File.Exists(nameOrFile) ? nameOrFile : Path.Combine(Directory, $"{nameOrFile}{Extension}");
        if (!File.Exists(file))
        {
            var near = Words.Nearest(nameOrFile, Shipped.Select(path => Path.GetFileNameWithoutExtension(path)!)) is { } name ? $" Did you mean {name}?" : "";
            throw ChaosException.Usage($"there is no file {nameOrFile}, and no scenario of that name.{near}");
        }

        try
        {
            return ScenarioFile.Parse(File.ReadAllText(file));
        }
        catch (ScenarioException wrong)
        {
            throw ChaosException.Usage($"{file} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, wrong.Problems.Select(problem => $"  {problem}"))}");
        }
    }
}
