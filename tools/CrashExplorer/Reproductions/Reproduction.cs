using System.Text.Json;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.CrashExplorer.Reproductions;

/// <summary>
/// A violation in a directory of its own: the disk's files, what the world knew, and the sentence that tells the story. Needs neither the
/// workload nor the code that made it, so it outlives changes of both.
/// </summary>
/// <param name="Sentence">The story.</param>
/// <param name="Workload">Which it was.</param>
/// <param name="IsLarge">Which sizes it used.</param>
/// <param name="Kind">The kind of crash or fault.</param>
/// <param name="Prefix">After how many changes.</param>
/// <param name="Policy">Alone or among several.</param>
/// <param name="Expectation">What was asked.</param>
/// <param name="Ledger">What the world knew.</param>
/// <param name="HasImage">False if the run itself went wrong: then the workload is run again.</param>
internal sealed record Reproduction(
    string Sentence, string Workload, bool IsLarge, string Kind, int Prefix, DamagePolicy Policy, Expectation Expectation, Ledger Ledger, bool HasImage)
{
    public const string FileName = "violation.json";
    private const string StoryName = "story.txt";

    public static Reproduction Of(Violation violation) => new(
        violation.Sentence,
        violation.Workload.Name,
        violation.Workload.IsLarge,
        violation.Kind,
        violation.Prefix,
        violation.Policy,
        violation.Expectation,
        violation.Ledger,
        violation.Image is not null);

    public static Reproduction ReadFrom(string directory) =>
        JsonSerializer.Deserialize<Reproduction>(File.ReadAllText(Path.Combine(directory, FileName)), LedgerJson.Options)!;

    public void WriteTo(string directory, DiskImage? image)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(this, LedgerJson.Options));
        File.WriteAllText(Path.Combine(directory, StoryName), Sentence + Environment.NewLine);
        if (image is not null)
        {
            ImageFiles.Write(image, directory);
        }
    }

    public Verdict Repeat(string directory)
    {
        if (HasImage)
        {
            return new Trial(Ledger, Expectation, Policy, IsLarge) { StartsTwice = true, GoesOn = true }.Of(ImageFiles.Read(directory));
        }

        var failure = WorkloadList.Find(Workload) is { } workload ? WorkloadRun.Of(workload).Failure : "there is no such workload any more";
        return failure is null ? new Verdict(Outcome.Recovered) : Verdict.Violation(failure);
    }
}
