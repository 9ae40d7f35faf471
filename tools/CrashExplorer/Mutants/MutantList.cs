using ControlPlane.CrashExplorer.Crashes;
using ControlPlane.CrashExplorer.Faults;
using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Mutants;

/// <summary>A deliberate bug of the storage, and where the explorer looks for it.</summary>
/// <param name="Name">As tables have it; of a bug inside the storage also what its hook asks for.</param>
/// <param name="Says">The bug.</param>
/// <param name="Workloads">What is run.</param>
/// <param name="Kinds">What is done to the images.</param>
internal sealed record StorageMutant(string Name, string Says, string[] Workloads, string[] Kinds)
{
    /// <summary>The bug, if it can be put between the storage and its disk; null: it is inside, and only builds with mutants have it.</summary>
    public Func<IDisk, IDisk>? Layer { get; init; }

    public bool IsInThisBuild => Layer is not null || MutantList.AreBuiltIn;
}

/// <summary>The bugs that the explorer must find.</summary>
internal static class MutantList
{
    /// <summary>True in a build with the bugs that are inside the storage.</summary>
    public const bool AreBuiltIn =
#if MUTANTS
        true;
#else
        false;
#endif

    public static IReadOnlyList<StorageMutant> All { get; } =
    [
        new("eio-ignored", "a failed write is taken for a good one", ["appends"], [FaultKinds.IoError]) { Layer = disk => new WriteErrorIgnored(disk) },
        new("acknowledged-after-failed-flush", "a failed sync is taken for a good one", ["appends"], [FaultKinds.IoError]) { Layer = disk => new SyncErrorIgnored(disk) },
        new("metadata-before-data", "a file has its name before its bytes are durable", ["creation", "snapshots"], [CrashKinds.PowerCut]) { Layer = disk => new NameBeforeData(disk) },
        new("no-checksum-on-recovery", "the checksum of an entry is not looked at", ["appends"], [FaultKinds.BitFlip]),
        new("damage-taken-for-a-torn-tail", "damage amid the journal is clipped like a torn last write", ["appends"], [FaultKinds.BitFlip]),
        new("metadata-unprotected", "the checksum of a slot is not looked at", ["promises"], [FaultKinds.BitFlip]),
        new("foreign-disk-accepted", "the identity of a directory is not looked at", ["creation"], [FaultKinds.ForeignDisk]),
        new("misdirected-record-accepted", "an entry need not be the next one, nor linked to the one before", ["sectors"], [FaultKinds.MisdirectedWrite]),
    ];
}
