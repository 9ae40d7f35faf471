using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.CrashExplorer.Judging;

/// <summary>
/// Goes on where an opening left off: writes two entries in a new reign, and if the replica was not whole lets the others say that it is again;
/// the next start, of a replica that is alone, must find exactly that.
/// </summary>
internal static class Continuation
{
    private const ulong LaterReign = 1_000_000;

    /// <summary>Why it does not go on; null if it does.</summary>
    public static string? Problem(OpeningFacts facts, bool isLarge)
    {
        var image = facts.After.Fork();
        try
        {
            var end = GoOn(image, facts, isLarge);
            using var again = Open(image, DamagePolicy.Refuse, isLarge);
            return again.End == end && again.Promise.IsWhole
                ? null
                : $"two entries written behind {facts.End.Last} in a later reign, and the next start ends at {again.End.Last}, {again.Promise}";
        }
        catch (Exception broken) when (broken is JournalRefusedException or StorageFaultException or InvariantViolationException)
        {
            return $"it does not go on: {broken.Message}";
        }
    }

    private static JournalEnd GoOn(DiskImage image, OpeningFacts facts, bool isLarge)
    {
        using var store = Open(image, facts.Policy, isLarge);
        store.BeginSegment(new Epoch(LaterReign));
        var source = new EntrySource(Stage.Identity.Journal, store.End, new Epoch(LaterReign));
        for (var i = 0; i < 2; i++)
        {
            var (header, encoded, hash) = source.Next(200, endsAppend: true);
            store.Append(header, encoded, hash);
        }

        store.Flush();
        store.WriteWatermark(store.FlushedEnd.Last);
        store.MarkWhole();
        return store.End;
    }

    private static ReplicaStore Open(DiskImage image, DamagePolicy policy, bool isLarge) =>
        ReplicaStore.Open(Stage.Replica, Stage.Identity, new ImageDisk(image), Stage.OptionsOf(isLarge), [], policy);
}
