using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ControlPlane.Architecture.Tests;

/// <summary>Rules of the house that the compiler does not know.</summary>
public sealed partial class ConventionTests
{
    private const int LinesMax = 450;

    [Fact]
    public void Files_fit_in_the_head()
    {
        var long_ = Repository.SourceFiles("src", "tools", "tests")
            .Select(file => (file, Lines: File.ReadLines(file).Count()))
            .Where(f => f.Lines > LinesMax);
        Assert.Empty(long_);
    }

    [Fact]
    public void Nothing_is_left_unfinished()
    {
        var unfinished = Repository.SourceFiles("src", "tools")
            .Where(file => Unfinished().IsMatch(File.ReadAllText(file)));
        Assert.Empty(unfinished);
    }

    [Fact]
    public void Names_say_what_a_thing_is()
    {
        var vague = Repository.SourceFiles("src", "tools").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(name => VagueName().IsMatch(name!));
        Assert.Empty(vague);
    }

    [Fact]
    public void Every_project_has_a_readme()
    {
        string[] folders = ["src", "tools"];
        var projects = folders.SelectMany(folder => Directory.GetFiles(Repository.Path(folder), "*.csproj", SearchOption.AllDirectories));
        Assert.DoesNotContain(projects.Select(p => Path.GetDirectoryName(p)!), d => !File.Exists(Path.Combine(d, "README.md")));
    }

    [Fact]
    public void Versions_of_packages_are_pinned_in_one_place()
    {
        var strays = Directory.GetFiles(Repository.Path(), "*.csproj", SearchOption.AllDirectories)
            .Where(file => XDocument.Load(file).Descendants("PackageReference").Any(p => p.Attribute("Version") is not null));
        Assert.Empty(strays);
    }

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex("(Helper|Helpers|Util|Utils|Utility|Common|Manager)$")]
    private static partial Regex VagueName();
}
