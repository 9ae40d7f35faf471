using System.Text.Json;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Reports;

/// <summary>The result for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Of(ExplorationOptions options, ExplorationResult result, IReadOnlyList<(Violation Violation, string Directory)> reproductions) => JsonSerializer.Serialize(
        new
        {
            depth = options.Depth.Name,
            seconds = Math.Round(result.Took.TotalSeconds, 1),
            result.Images,
            result.Distinct,
            violations = result.Of(Outcome.Violation),
            result.Uncovered,
            rows = result.Tallies.Select(tally => new
            {
                tally.Workload,
                tally.Kind,
                tally.Images,
                tally.Distinct,
                recovered = tally.Of(Outcome.Recovered),
                repaired = tally.Of(Outcome.Repaired),
                refused = tally.Of(Outcome.Refused),
                undecidable = tally.Of(Outcome.Undecidable),
                unproven = tally.Of(Outcome.Unproven),
                violations = tally.Of(Outcome.Violation),
            }),
            reproductions = reproductions.Select(kept => new { kept.Violation.Sentence, kept.Directory }),
        },
        Options);
}
