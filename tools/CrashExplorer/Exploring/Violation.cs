using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>A bug that was found, with all that it takes to see it again.</summary>
/// <param name="Workload">What the replica was doing.</param>
/// <param name="Kind">The kind of crash or fault.</param>
/// <param name="Prefix">How many changes the disk had made.</param>
/// <param name="Story">What happened to the disk.</param>
/// <param name="Why">What is wrong with the start.</param>
/// <param name="Policy">Alone or among several.</param>
/// <param name="Expectation">What was asked of it.</param>
/// <param name="Ledger">What the world knew.</param>
/// <param name="Image">The disk; null if the run itself went wrong.</param>
internal sealed record Violation(
    Workload Workload, string Kind, int Prefix, string Story, string Why, DamagePolicy Policy, Expectation Expectation, Ledger Ledger, DiskImage? Image)
{
    /// <summary>The story in one sentence.</summary>
    public string Sentence =>
        $"While {Workload.Says} (workload {Workload.Name}), after {Prefix} changes of the disk {Story}; started {(Policy == DamagePolicy.Refuse ? "alone" : "among several")}: {Why}.";
}
