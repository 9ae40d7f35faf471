using System.CommandLine;
using System.Text.Json;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Mutants;
using ControlPlane.CrashExplorer.Reports;

namespace ControlPlane.CrashExplorer.App;

/// <summary>Hunts every deliberate bug that this build has.</summary>
internal static class MutantsCommand
{
    public static ExitCode Run(ParseResult parsed, TextWriter output)
    {
        var depth = Depth.Find(parsed.GetValue(ExploreOptions.Depths)!)!;
        var results = MutantList.All.Where(mutant => mutant.IsInThisBuild).Select(mutant => MutantHunt.Hunt(mutant, depth)).ToArray();
        var absent = MutantList.All.Where(mutant => !mutant.IsInThisBuild).ToArray();
        output.WriteLine(parsed.GetValue(ExploreOptions.Json)
            ? JsonSerializer.Serialize(results.Select(result => new { result.Mutant.Name, found = result.Found?.Sentence, result.Images, seconds = result.Took.TotalSeconds }))
            : MarkdownReport.OfMutants(results, absent));
        return results.Any(result => result.Found is null) ? ExitCode.Violation
            : absent.Length > 0 ? ExitCode.TooLittleCoverage
            : ExitCode.Pass;
    }
}
