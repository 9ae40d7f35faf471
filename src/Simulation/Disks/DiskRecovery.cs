using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Simulation.Coverage;

namespace ControlPlane.Simulation.Disks;

/// <summary>
/// What a start makes of a replica's disk, by the rules of <c>src/Journal</c>: every byte behind the newest snapshot is verified; what ends in the
/// middle of an append is dropped; a torn write is clipped; damage where something may have been acknowledged leaves a replica that is not
/// whole, durably.
/// </summary>
internal static class DiskRecovery
{
    /// <summary>Recovers in place; returns what the journal ends with.</summary>
    public static JournalEnd Run(SimulatedDisk disk, CoverageMarks coverage)
    {
        BeginAtSnapshot(disk, coverage);
        var end = disk.NewestSnapshot?.Applied ?? JournalEnd.Empty(disk.Journal);
        var whole = end;
        var entries = disk.Entries;
        var i = (int)(end.Tail.Value - disk.Head.Value);
        var isTorn = false;
        for (; i < entries.Count; i++)
        {
            if (!EntryCodec.TryRead(entries[i].Bytes, out var header, out _, out _)
                || header.Journal != disk.Journal || header.Sequence != end.Tail || header.PreviousHash != end.LastHash)
            {
                isTorn = IsUnwritten(entries[i].Bytes);
                break;
            }

            end = JournalEnd.Behind(header, ChainHash.Of(entries[i].Bytes));
            whole = header.EndsAppend ? end : whole;
        }

        if (i < entries.Count)
        {
            var isProven = disk.Watermark >= end.Tail || ProvenBehind(entries, i, end.Tail);
            if (isProven || !isTorn)
            {
                coverage.Hit(isProven ? "recovery lost acknowledged entries" : "recovery found damage behind what was acknowledged");
                disk.Promise = disk.Promise with { IsWhole = false };
            }
            else
            {
                coverage.Hit("recovery clipped a torn write");
            }
        }
        else if (disk.Watermark > whole.Last)
        {
            coverage.Hit("recovery misses acknowledged entries");
            disk.Promise = disk.Promise with { IsWhole = false };
        }

        if (whole.Last < end.Last)
        {
            coverage.Hit("recovery dropped half an append");
        }

        disk.Recovered(whole.Last);
        return whole;
    }

    // A snapshot that came from another replica may be newer than everything else, or tell of another history: the journal begins behind it.
    private static void BeginAtSnapshot(SimulatedDisk disk, CoverageMarks coverage)
    {
        if (disk.NewestSnapshot is not { } snapshot)
        {
            return;
        }

        var position = snapshot.Applied.Last;
        var isBehind = position > disk.Last;
        var isAnother = disk.Holds(position) && ChainHash.Of(disk[position].Bytes) != snapshot.Applied.LastHash;
        if (isBehind || isAnother)
        {
            coverage.Hit(isBehind ? "recovery began behind a received snapshot" : "recovery found a snapshot of another history");
            disk.Promise = disk.Promise with { IsWhole = disk.Promise.IsWhole && !isAnother };
            disk.StartAt(snapshot);
        }
    }

    // A write that was cut short leaves zeros at its end; a bit that has changed does not.
    private static bool IsUnwritten(ReadOnlySpan<byte> bytes) => bytes[^1] == 0 && bytes.TrimEnd((byte)0).Length < bytes.Length - 1;

    private static bool ProvenBehind(IReadOnlyList<StoredEntry> entries, int damaged, SequenceNumber position)
    {
        for (var i = damaged + 1; i < entries.Count; i++)
        {
            if (EntryCodec.TryRead(entries[i].Bytes, out var header, out _, out _) && header.CommitSequence >= position)
            {
                return true;
            }
        }

        return false;
    }
}
