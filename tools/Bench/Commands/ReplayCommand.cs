using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using ControlPlane.Bench.Reports;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using Spectre.Console;

namespace ControlPlane.Bench.Commands;

/// <summary>
/// <c>replay</c>: writes a journal through the real worker manager, then starts from it: once from the first entry, once from a snapshot
/// and a tail. Both must end with the same state hash.
/// </summary>
internal static class ReplayCommand
{
    public static Command Build()
    {
        var data = BenchOptions.Data();
        var json = BenchOptions.Json();
        var entries = new Option<int>("--entries") { Description = "Entries to write.", DefaultValueFactory = _ => 1_000_000 };
        var leases = new Option<int>("--leases") { Description = "Leases that stay held, for the bytes per lease.", DefaultValueFactory = _ => 100_000 };
        var command = new Command("replay", "Start-up from a long journal: entries per second, with and without a snapshot; memory per lease.")
        {
            data, entries, leases, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(entries), parsed.GetRequiredValue(leases), parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task RunAsync(string data, int entries, int leases, bool json, CancellationToken cancellation)
    {
        var directory = Directory.CreateDirectory(Path.Combine(data, $"controlplane-replay-{Environment.ProcessId}"));
        try
        {
            var report = new ReplayReport();
            await Narration.DuringAsync(json, async step =>
            {
                step($"writing {entries:N0} entries");
                var options = Options(directory.FullName, null);
                await using (var host = PartitionHost.Start(options, TimeProvider.System))
                {
                    await new JournalFiller(host).FillAsync(entries, leases, cancellation);
                    report.Entries = (long)host.Committed.Value;
                }

                step("replaying from the first entry");
                (report.Full, report.FullHash, report.BytesPerLease, report.Leases) = await StartAsync(directory.FullName, step);

                step("taking a snapshot, and writing a tail behind it");
                await using (var host = PartitionHost.Start(options, TimeProvider.System))
                {
                    report.SnapshotBytes = (await host.TakeSnapshotAsync(cancellation)).Bytes;
                    await new JournalFiller(host).FillAsync(entries / 100, 0, cancellation);
                }

                step("replaying from the snapshot");
                (report.FromSnapshot, report.SnapshotHash, _, _) = await StartAsync(directory.FullName, step);

                step("replaying from the first entry again, for the hash");
                foreach (var snapshot in Directory.GetFiles(Path.Combine(directory.FullName, "replica", "snapshots")))
                {
                    File.Delete(snapshot);
                }

                (_, report.FullHashAfterTail, _, _) = await StartAsync(directory.FullName, step);
            });
            report.Write(json, AnsiConsole.Console);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static PartitionHostOptions Options(string directory, Action<string>? step) => new()
    {
        Node = "bench",
        SnapshotInterval = 0,
        Journal = new JournalEngineOptions
        {
            Directory = directory,
            Cluster = default,
            NewId = () => new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), 1),
            Progress = step is null ? null : progress => step($"replayed {progress.Entries:N0} entries"),
        },
    };

    /// <summary>What a start does: verify and rebuild. Without leading, so that both ways end at the same entry.</summary>
    private static async Task<(TimeSpan Elapsed, string Hash, double BytesPerLease, long Leases)> StartAsync(string directory, Action<string> step)
    {
        var options = Options(directory, step);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        var replay = new CoreReplay(options.Partition, options.Core);
        await using var engine = JournalOpening.Open(options.Journal, replay);
        var elapsed = Stopwatch.GetElapsedTime(start);
        long leases = replay.Core.State.LeaseCount;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        return (elapsed, replay.Core.Hash.ToString(), leases == 0 ? 0 : (double)(after - before) / leases, leases);
    }
}
