using System.Text;
using System.Text.RegularExpressions;

namespace ControlPlane.Architecture.Tests;

/// <summary>Deliberately seeded bugs exist in a build of their own only.</summary>
public sealed partial class MutantTests
{
    private static readonly string[] Configurations = ["Debug", "Release"];

    [Fact]
    public void Every_hook_of_a_mutant_stands_inside_its_condition()
    {
        foreach (var file in Repository.SourceFiles("src", "tools").Where(file => Hook().IsMatch(File.ReadAllText(file))))
        {
            var isInside = false;
            foreach (var line in File.ReadLines(file))
            {
                isInside = line.StartsWith("#if MUTANTS", StringComparison.Ordinal) || (isInside && !line.StartsWith("#e", StringComparison.Ordinal));
                Assert.True(isInside || !Hook().IsMatch(line), $"{file}: {line.Trim()}");
            }
        }
    }

    [Fact]
    public void Every_hook_is_on_the_list_and_every_mutant_has_a_hook()
    {
        var hooks = Repository.SourceFiles("src").SelectMany(file => Hook().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        var listed = Listed().Matches(File.ReadAllText(Repository.Path("src", "Simulation", "KnownMutants.cs"))).Select(match => match.Groups[1].Value).ToHashSet();
        var ofStorage = Listed().Matches(File.ReadAllText(Repository.Path("tools", "CrashExplorer", "Mutants", "MutantList.cs"))).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Empty(hooks.Except(listed).Except(ofStorage));
        Assert.Empty(listed.Except(hooks));
    }

    [Theory]
    [InlineData("Primitives")]
    [InlineData("Replication")]
    [InlineData("WorkerManager")]
    [InlineData("Journal")]
    public void What_is_built_for_use_contains_no_mutant(string project)
    {
        // Whatever lies in the folders of ordinary builds: a mutant's name there is the literal of a hook.
        foreach (var file in Built(project))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes("ack-before-quorum")) < 0, file);
            Assert.True(bytes.AsSpan().IndexOf("Mutant\0"u8) < 0, file);
        }
    }

    private static IEnumerable<string> Built(string project) => Configurations
        .Select(configuration => Repository.Path("src", project, "bin", configuration, "net10.0", $"ControlPlane.{project}.dll"))
        .Where(File.Exists);

    [GeneratedRegex("Mutant\\.Is\\(\"([a-z-]+)\"\\)")]
    private static partial Regex Hook();

    [GeneratedRegex("new\\(\"([a-z-]+)\",")]
    private static partial Regex Listed();
}
