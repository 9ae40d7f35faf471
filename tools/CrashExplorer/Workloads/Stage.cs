using ControlPlane.CrashExplorer.Images;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>Where everything happens: the paths inside an image, whose replica it is, and how large its files are.</summary>
internal static class Stage
{
    public const string Root = "/image";

    public const string Replica = Root + "/replica";

    public const string Register = Root + "/register";

    /// <summary>The neighbour whose entries may land here: a machine has replicas of several journals.</summary>
    public const string OtherJournal = "a replica of another journal";

    public static ReplicaIdentity Identity { get; } = new(new ClusterId(1), new JournalId(2), new ReplicaId(3));

    /// <summary>Other replicas that the same machine, or the one beside it, may have.</summary>
    public static IReadOnlyList<(string Says, ReplicaIdentity Identity)> Others { get; } =
    [
        ("another replica of the same journal", Identity with { Replica = new ReplicaId(4) }),
        (OtherJournal, new(Identity.Cluster, new JournalId(9), new ReplicaId(5))),
        ("a replica of another cluster", new(new ClusterId(6), new JournalId(9), new ReplicaId(3))),
        ("the replica of another cluster whose journal and replica have the same ids", Identity with { Cluster = new ClusterId(6) }),
    ];

    public static DiskImage NewImage()
    {
        var image = new DiskImage();
        image.TryAdd(0, Root[1..], image.NewNode(), isDirectory: true);
        return image;
    }

    public static SegmentOptions OptionsOf(Workload workload) => OptionsOf(workload.IsLarge);

    public static SegmentOptions OptionsOf(bool isLarge) => new()
    {
        DeviceFileBytes = SegmentLayout.PageBytes,
        PreallocationStepBytes = isLarge ? 256 * 1024 : 16 * 1024,
        PreallocateInBackground = false,
    };
}
