namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>How many of the possible images are tried.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="CrashEvery">Crashes are tried at every so manieth moment.</param>
/// <param name="FaultEvery">Faults are tried at every so manieth moment, and wherever something is told.</param>
/// <param name="SectorsMax">Up to so many sectors of a write every subset of them is lost; of more, a selection.</param>
/// <param name="RandomSubsets">Subsets drawn besides.</param>
/// <param name="BytesPerPlace">Bytes that are flipped in each slot, header and snapshot; 0: all.</param>
/// <param name="BitsPerByte">Bits that are flipped in each of them.</param>
/// <param name="StaleVersions">Older versions of a file that come back.</param>
/// <param name="RecentWrites">Last writes, and syncs, that go astray.</param>
/// <param name="FaultsAtMost">A selection of so many single faults at each moment; 0: all.</param>
/// <param name="IoErrorEvery">The disk fails at every so manieth change.</param>
/// <param name="ContinueOneIn">One in so many images that open is written to, closed and opened again.</param>
internal sealed record Depth(
    string Name,
    int CrashEvery,
    int FaultEvery,
    int SectorsMax,
    int RandomSubsets,
    int BytesPerPlace,
    int BitsPerByte,
    int StaleVersions,
    int RecentWrites,
    int FaultsAtMost,
    int IoErrorEvery,
    int ContinueOneIn)
{
    public static Depth Quick { get; } = new("quick", 1, 40, 4, 2, 6, 1, 2, 3, 40, 9, 256);

    public static Depth Full { get; } = new("full", 1, 4, 8, 12, 0, 2, 6, 10, 0, 1, 64);

    public static Depth? Find(string name) => name switch
    {
        "quick" => Quick,
        "full" => Full,
        _ => null,
    };

    /// <summary>For a workload whose images are of megabytes.</summary>
    public Depth Thinned() => this with
    {
        CrashEvery = FaultEvery < 20 ? 1 : 6,
        FaultEvery = FaultEvery * 4,
        RandomSubsets = Math.Min(RandomSubsets, 2),
        SectorsMax = Math.Min(SectorsMax, 3),
        BytesPerPlace = 6,
        BitsPerByte = 1,
        RecentWrites = 2,
        FaultsAtMost = FaultsAtMost == 0 ? 60 : 12,
        IoErrorEvery = IoErrorEvery * 3,
        ContinueOneIn = ContinueOneIn * 2,
    };
}
