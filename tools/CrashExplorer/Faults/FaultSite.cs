using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;

namespace ControlPlane.CrashExplorer.Faults;

/// <summary>Where a single fault strikes: an image at one moment of a run, and the disk's past.</summary>
/// <param name="Run">The run.</param>
/// <param name="Prefix">The moment.</param>
/// <param name="Losses">What the crash took before the fault.</param>
/// <param name="CrashSays">The crash, for people.</param>
/// <param name="Depth">How many to try.</param>
/// <param name="Neighbours">Disks of other replicas that did the same work.</param>
internal sealed record FaultSite(
    WorkloadRun Run, int Prefix, IReadOnlyList<Loss> Losses, string CrashSays, Depth Depth, IReadOnlyList<(string Says, DiskImage Image)> Neighbours)
{
    public History History => Run.History;

    public DiskImage Image { get; } = Run.History.Build(Prefix, Losses);

    /// <summary>A fault that changes one file.</summary>
    public Candidate OnFile(string kind, string says, string path, Func<FileContent, FileContent> change) => Of(kind, says, image =>
    {
        image.SetFile(path, change(image.FileAt(path)!));
        return true;
    });

    /// <summary>A fault that changes the image; false: it turns out to be none.</summary>
    public Candidate Of(string kind, string says, Func<DiskImage, bool> change) => new(kind, Prefix, $"{CrashSays}; then {says}", Expectation.RecoversOrRefuses, () =>
    {
        var image = Image.Fork();
        return change(image) ? image : null;
    })
    {
        IsAfterPowerCut = IsAfterPowerCut,
    };

    /// <summary>True if what was not synced is gone.</summary>
    public bool IsAfterPowerCut => Losses.Count > 0;
}
