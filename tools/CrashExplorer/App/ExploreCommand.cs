using System.CommandLine;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Reports;
using ControlPlane.CrashExplorer.Reproductions;

namespace ControlPlane.CrashExplorer.App;

/// <summary>Explores, shows what was found, and keeps what it takes to see a violation again.</summary>
internal static class ExploreCommand
{
    private const int ReproductionsMax = 10;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(500);

    public static ExitCode Run(ParseResult parsed, TextWriter output, TextWriter error, bool showsProgress)
    {
        var options = ExploreOptions.Of(parsed);
        var result = RunWithProgress(new Explorer(options), showsProgress ? error : null);
        var reproductions = Keep(result, parsed.GetValue(ExploreOptions.Keep));
        output.WriteLine(parsed.GetValue(ExploreOptions.Json)
            ? JsonReport.Of(options, result, reproductions)
            : TextReport.Of(options, result, reproductions));
        if (parsed.GetValue(ExploreOptions.Markdown) is { } file)
        {
            File.WriteAllText(file, MarkdownReport.Of(options, result));
        }

        return result.Violations.Count > 0 ? ExitCode.Violation
            : result.Uncovered.Count > 0 ? ExitCode.TooLittleCoverage
            : ExitCode.Pass;
    }

    private static ExplorationResult RunWithProgress(Explorer explorer, TextWriter? progress)
    {
        using var timer = progress is null ? null : new Timer(
            _ =>
            {
                var (images, distinct, violations) = explorer.Progress;
                progress.Write(FormattableString.Invariant($"\r{explorer.Current}: {images:N0} images, {distinct:N0} distinct, {violations} violations   "));
            },
            state: null,
            ProgressEvery,
            ProgressEvery);
        var result = explorer.Run();
        progress?.Write("\r\u001b[K");
        return result;
    }

    // One of each sort: a bug shows in many images.
    private static List<(Violation Violation, string Directory)> Keep(ExplorationResult result, string? parent)
    {
        var kept = new List<(Violation, string)>();
        if (result.Violations.Count == 0)
        {
            return kept;
        }

        parent ??= Directory.CreateTempSubdirectory("crash-explorer-").FullName;
        foreach (var violation in result.Violations.DistinctBy(violation => (violation.Workload.Name, violation.Kind, violation.Policy)).Take(ReproductionsMax))
        {
            var directory = Path.Combine(parent, FormattableString.Invariant($"{violation.Workload.Name}-{violation.Kind}-{violation.Policy}-{violation.Prefix}").ToLowerInvariant());
            Reproduction.Of(violation).WriteTo(directory, violation.Image);
            kept.Add((violation, directory));
        }

        return kept;
    }
}
