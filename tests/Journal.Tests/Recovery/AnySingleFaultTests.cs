using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using CsCheck;

namespace ControlPlane.Journal.Tests.Recovery;

/// <summary>The property that matters: acknowledged ⊆ recovered ⊆ submitted, or a refusal that names the place.</summary>
public sealed class AnySingleFaultTests
{
    private const long Iterations = 150;

    /// <summary>Appends, each a number of entries of a size; each inner array is one flush.</summary>
    private static readonly Gen<(int Entries, int PayloadBytes)[][]> Script =
        Gen.Select(Gen.Int[1, 3], Gen.OneOf(Gen.Int[0, 700], Gen.Int[0, 9_000])).Array[1, 4].Array[1, 8];

    [Fact]
    public void A_crash_that_tears_the_last_flush_loses_nothing_acknowledged_and_never_stops_the_next_start() =>
        Gen.Select(Script, Gen.ULong, Gen.Bool).Sample(
            (script, arriving, watermarks) =>
            {
                var disk = new FaultInjectingDisk(new PhysicalDisk());
                using var replica = new TestReplica(disk);
                var (acknowledged, ends) = Run(replica, disk, script, watermarks, arriving);
                using var reopened = replica.Open();
                Assert.InRange(reopened.End.Last.Value, acknowledged, ends.Max());
                Assert.Contains(reopened.End.Last.Value, ends);
            },
            iter: Iterations,
            threads: 1);

    [Fact]
    public void A_changed_byte_or_a_lost_sector_anywhere_loses_nothing_acknowledged_silently() =>
        Gen.Select(Script, Gen.Int[0, 100_000], Gen.Byte[1, 255], Gen.Int[0, 2]).Sample(
            (script, where, change, kind) =>
            {
                var disk = new FaultInjectingDisk(new PhysicalDisk());
                using var replica = new TestReplica(disk);
                var (acknowledged, _) = Run(replica, disk, script, watermarks: true, arriving: null);
                Damage(replica.SegmentFile(1, 1), where, change, kind);
                try
                {
                    using var reopened = replica.Open();
                    Assert.Equal(replica.Chain.End, reopened.End);
                    Assert.Equal(acknowledged, reopened.End.Last.Value);
                }
                catch (JournalRefusedException refusal)
                {
                    Assert.Contains(replica.SegmentFile(1, 1), refusal.Message, StringComparison.Ordinal);
                    Assert.Contains("at byte", refusal.Message, StringComparison.Ordinal);
                }
            },
            iter: Iterations,
            threads: 1);

    [Fact]
    public void Among_several_a_changed_byte_or_a_lost_sector_never_stops_the_start_and_never_shortens_a_replica_that_is_whole() =>
        Gen.Select(Script, Gen.Int[0, 100_000], Gen.Byte[1, 255], Gen.Int[0, 2]).Sample(
            (script, where, change, kind) =>
            {
                var disk = new FaultInjectingDisk(new PhysicalDisk());
                using var replica = new TestReplica(disk);
                Run(replica, disk, script, watermarks: true, arriving: null);
                var full = replica.Chain.End;
                Damage(replica.SegmentFile(1, 1), where, change, kind);
                using (var store = replica.OpenAmongSeveral())
                {
                    Assert.True(store.End == full || !store.Promise.IsWhole);
                    replica.AssertHoldsOnlyHistory(store);
                    replica.CatchUp(store, epoch: 1);
                    store.MarkWhole();
                }

                using var healed = replica.Open();
                Assert.Equal(full, healed.End);
                replica.AssertHoldsOnlyHistory(healed);
            },
            iter: Iterations,
            threads: 1);

    /// <summary>
    /// Runs the script; with <paramref name="arriving"/>, only those sectors of the last flush's writes reach the disk
    /// and it is not acknowledged. Returns the last acknowledged position, and every position at which an append ends.
    /// </summary>
    private static (ulong Acknowledged, HashSet<ulong> Ends) Run(
        TestReplica replica, FaultInjectingDisk disk, (int Entries, int PayloadBytes)[][] script, bool watermarks, ulong? arriving)
    {
        using var store = replica.Open();
        replica.Begin(store, 1);
        var acknowledged = 0ul;
        var ends = new HashSet<ulong> { 0 };
        for (var flush = 0; flush < script.Length; flush++)
        {
            foreach (var (entries, payloadBytes) in script[flush])
            {
                for (var i = 1; i <= entries; i++)
                {
                    replica.Append(store, payloadBytes, endsAppend: i == entries);
                }

                ends.Add(store.End.Last.Value);
            }

            if (arriving is { } sectors && flush == script.Length - 1)
            {
                disk.Rule = operation => operation.Kind == DiskOperationKind.Write
                    ? new DiskFault.TornWrite(sector => ((sectors >> (sector % 64)) & 1) != 0)
                    : null;
                store.Flush();
                disk.Rule = null;
                return (acknowledged, ends);
            }

            store.Flush();
            acknowledged = store.FlushedEnd.Last.Value;
            replica.Chain.Committed = store.FlushedEnd.Last;
            if (watermarks)
            {
                store.WriteWatermark(store.FlushedEnd.Last);
            }
        }

        return (acknowledged, ends);
    }

    private static void Damage(string file, int where, byte change, int kind)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var at = where % (int)stream.Length;
        switch (kind)
        {
            case 0:
                stream.Position = at;
                var old = stream.ReadByte();
                stream.Position = at;
                stream.WriteByte((byte)(old ^ change));
                break;
            case 1:
                stream.Position = at / 512 * 512;
                stream.Write(new byte[512]);
                break;
            default:
                stream.SetLength(at);
                break;
        }
    }
}
