using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>An image to be tried.</summary>
/// <param name="Kind">The kind of crash or fault, as the tables name it.</param>
/// <param name="Prefix">How many changes the disk had made.</param>
/// <param name="Says">What happened then, as the end of a sentence.</param>
/// <param name="Expectation">What may be asked of a start from it.</param>
/// <param name="Build">Makes the image; null if there turns out to be none.</param>
internal sealed record Candidate(string Kind, int Prefix, string Says, Expectation Expectation, Func<DiskImage?> Build)
{
    /// <summary>Why the run itself shows a bug, without any image; null if it does not.</summary>
    public string? Broken { get; init; }

    /// <summary>A fault that meets a power cut which has taken what was not synced, the newest note of what was acknowledged included.</summary>
    public bool IsAfterPowerCut { get; init; }
}
