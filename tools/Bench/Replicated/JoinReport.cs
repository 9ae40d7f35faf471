using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ControlPlane.Bench.Replicated;

/// <summary>What a replica's return showed.</summary>
/// <param name="Sizes">What was written.</param>
/// <param name="Writing">How long that took two replicas.</param>
/// <param name="Head">First position that the leader kept.</param>
/// <param name="LeaderChanged">True if another leads at the end than the one that trimmed, which holds every entry and may have sent them all.</param>
/// <param name="Start">From the start of the process until it listened.</param>
/// <param name="Joining">From then until it held everything.</param>
internal sealed record JoinReport(JoinSizes Sizes, TimeSpan Writing, ulong Head, bool LeaderChanged, TimeSpan Start, TimeSpan Joining)
{
    private bool BySnapshot => Sizes.SnapshotMebibytes > 0;

    private int Sent => BySnapshot ? Sizes.Tail : Sizes.Entries;

    public void Write(bool json, IAnsiConsole console)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                entries = Sizes.Entries,
                entry_bytes = Sizes.EntryBytes,
                snapshot_mib = Sizes.SnapshotMebibytes,
                tail = Sent,
                head = Head,
                leader_changed = LeaderChanged,
                writing_ms = Writing.TotalMilliseconds,
                start_ms = Start.TotalMilliseconds,
                joining_ms = Joining.TotalMilliseconds,
                entries_per_second = Sizes.Entries / Joining.TotalSeconds,
            }));
            return;
        }

        var table = new Table { Border = TableBorder.Rounded }.AddColumn("").AddColumn(new TableColumn("") { Alignment = Justify.Right }).HideHeaders();
        Row("entries missed", Number(Sizes.Entries));
        Row("written at, per second, on two replicas", Number(Sizes.Entries / Writing.TotalSeconds));
        Row("snapshot", BySnapshot ? $"{Sizes.SnapshotMebibytes} MiB, leader keeps from {Number(Head)}" : "none");
        Row("entries behind it", Number(Sent));
        if (LeaderChanged)
        {
            Row("the leader has changed", "a follower that trims nothing may have sent all");
        }

        Row("process start until it listens", $"{Number(Start.TotalMilliseconds)} ms");
        Row("from then until it holds everything", $"{Number(Joining.TotalMilliseconds)} ms");
        Row("journal's entries per second", Number(Sizes.Entries / Joining.TotalSeconds));
        console.Write(table);

        void Row(string name, string value) => table.AddRow(name, value);
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
