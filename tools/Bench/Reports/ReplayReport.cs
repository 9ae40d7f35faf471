using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ControlPlane.Bench.Reports;

/// <summary>What starting from a long journal showed.</summary>
internal sealed class ReplayReport
{
    public long Entries;
    public long Leases;
    public long SnapshotBytes;
    public TimeSpan Full;
    public TimeSpan FromSnapshot;
    public double BytesPerLease;
    public string FullHash = "";
    public string SnapshotHash = "";
    public string FullHashAfterTail = "";

    private double EntriesPerSecond => Entries / Full.TotalSeconds;

    private bool HashesAgree => SnapshotHash == FullHashAfterTail;

    public void Write(bool json, IAnsiConsole console)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                entries = Entries,
                entries_per_second = EntriesPerSecond,
                full_ms = Full.TotalMilliseconds,
                from_snapshot_ms = FromSnapshot.TotalMilliseconds,
                snapshot_bytes = SnapshotBytes,
                leases = Leases,
                bytes_per_lease = BytesPerLease,
                state_hash_full = FullHashAfterTail,
                state_hash_from_snapshot = SnapshotHash,
                hashes_agree = HashesAgree,
            }));
            return;
        }

        var table = new Table { Border = TableBorder.Rounded }.AddColumn("").AddColumn(new TableColumn("") { Alignment = Justify.Right }).HideHeaders();
        Row("entries", Entries.ToString("N0", CultureInfo.InvariantCulture));
        Row("start from the first entry", $"{Full.TotalMilliseconds:N0} ms");
        Row("entries per second", EntriesPerSecond.ToString("N0", CultureInfo.InvariantCulture));
        Row("start from snapshot + 1 % tail", $"{FromSnapshot.TotalMilliseconds:N0} ms");
        Row("snapshot", $"{SnapshotBytes:N0} bytes");
        Row("leases held", Leases.ToString("N0", CultureInfo.InvariantCulture));
        Row("memory for each held lease, its sandbox included", $"{BytesPerLease:N0} bytes");
        Row("state hash, both ways", HashesAgree ? SnapshotHash : $"DIFFERENT: {FullHashAfterTail} and {SnapshotHash}");
        console.Write(table);

        void Row(string name, string value) => table.AddRow(name, value);
    }
}
