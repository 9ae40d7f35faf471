using System.Xml.Linq;

namespace ControlPlane.Architecture.Tests;

/// <summary>Which project may name which. The compiler enforces that a project uses only what it names; this says what it may name.</summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Primitives"] = [],
        ["Replication"] = ["Primitives"],
        ["WorkerManager"] = ["Primitives"],
        ["Verification"] = ["Primitives"],
        ["Simulation"] = ["Primitives", "Replication", "WorkerManager", "Verification"],
        ["Scenarios"] = [],
        ["Journal"] = ["Primitives", "Replication"],
        ["Protocol"] = [],
        ["Security"] = ["Primitives"],
        ["Access"] = ["Primitives", "Protocol", "Security"],
        ["Client"] = ["Protocol", "Primitives", "Security"],
        ["Runtime"] = ["Primitives", "Replication", "Journal", "WorkerManager"],
        ["Worker"] = ["Primitives", "Protocol", "Security", "Access"],
        ["Server"] = ["Primitives", "Replication", "Journal", "WorkerManager", "Runtime", "Protocol", "Security", "Access"],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Repository.Path("src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_only_what_lies_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is not in the table: say where it stands.");
        Assert.Subset(allowed.ToHashSet(), References(project).ToHashSet());
    }

    [Theory]
    [InlineData("Primitives")]
    [InlineData("Replication")]
    [InlineData("WorkerManager")]
    [InlineData("Simulation")]
    public void A_pure_project_uses_no_package_that_does_input_or_output(string project)
    {
        string[] pure = ["System.IO.Hashing", "Google.Protobuf", "Grpc.Tools"];
        Assert.Subset(pure.ToHashSet(), Packages(project).ToHashSet());
    }

    [Fact]
    public void Only_storage_and_its_readers_name_the_storage_engine()
    {
        var users = Directory.GetFiles(Repository.Path("src"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("Microsoft.FASTER.Core", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(["Journal"], users);
    }

    private static IEnumerable<string> References(string project) => Items(project, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r));

    private static IEnumerable<string> Packages(string project) => Items(project, "PackageReference");

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Repository.Path("src", project, $"{project}.csproj")).Descendants(kind).Select(e => e.Attribute("Include")!.Value);
}
