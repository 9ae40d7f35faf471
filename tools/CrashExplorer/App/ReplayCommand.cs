using System.Text.Json;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Reproductions;

namespace ControlPlane.CrashExplorer.App;

/// <summary>Starts from a kept image again and judges it by what was kept beside it.</summary>
internal static class ReplayCommand
{
    public static ExitCode Run(string directory, bool json, TextWriter output)
    {
        if (!File.Exists(Path.Combine(directory, Reproduction.FileName)))
        {
            throw new UsageException($"{directory} is not a reproduction: {Reproduction.FileName} is missing");
        }

        var reproduction = Reproduction.ReadFrom(directory);
        var verdict = reproduction.Repeat(directory);
        var isStillThere = verdict.Outcome == Outcome.Violation;
        output.WriteLine(json
            ? JsonSerializer.Serialize(new { reproduction.Sentence, outcome = verdict.Outcome.ToString(), verdict.Why })
            : $"{reproduction.Sentence}{Environment.NewLine}{(isStillThere ? $"It happens again: {verdict.Why}" : $"It does not happen any more: {verdict.Outcome}")}");
        return isStillThere ? ExitCode.Violation : ExitCode.Pass;
    }
}
