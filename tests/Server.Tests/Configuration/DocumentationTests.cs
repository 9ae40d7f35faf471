using System.Runtime.CompilerServices;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Configuration;

namespace ControlPlane.Server.Tests.Configuration;

public sealed class DocumentationTests
{
    private static readonly string Readme = File.ReadAllText(ReadmePath());

    public static TheoryData<string> Keys => [.. NodeKeys.All.Select(key => key.Path)];

    public static TheoryData<ErrorReason> Reasons => [.. Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_readme_tells_the_key_its_default_and_its_meaning(string path)
    {
        var key = NodeKeys.All.Single(known => known.Path == path);
        var written = key.Default.Length == 0 ? "" : $" `{key.Default}`";

        Assert.Contains($"| `{key.Path}` |{written} | {key.Meaning} |", Readme, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void The_readme_tells_the_reason_beside_its_code(ErrorReason reason)
    {
        var row = Readme.Split('\n').Single(line => line.StartsWith('|') && line.Contains($"`{ErrorTable.NameOf(reason)}`", StringComparison.Ordinal));

        var code = row.Split('`')[1].Replace("_", "", StringComparison.Ordinal);
        Assert.Equal(ErrorTable.ToStatusCode(reason).ToString(), code, ignoreCase: true);
    }

    private static string ReadmePath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "Server", "README.md");
}
