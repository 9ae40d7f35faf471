using System.CommandLine;
using ControlPlane.Bench.Replicated;
using ControlPlane.Bench.Reports;
using Spectre.Console;

namespace ControlPlane.Bench.Commands;

/// <summary>
/// <c>join</c>: how long a replica that has missed everything takes to hold it again: a node is stopped, entries are written, a snapshot of
/// most of them is put at the others, which trim what it covers, and the node is started again. It lacks what is trimmed, so that the snapshot
/// is sent to it, and then the entries behind it. With <c>--snapshot-mib 0</c> nothing is trimmed, and it gets all entries.
/// </summary>
internal static class JoinCommand
{
    public static Command Build()
    {
        var data = BenchOptions.Data();
        var json = BenchOptions.Json();
        var entries = new Option<int>("--entries") { Description = "Entries written while the node is away.", DefaultValueFactory = _ => 2_000_000 };
        var tail = new Option<int>("--tail") { Description = "How many of them lie behind the snapshot.", DefaultValueFactory = _ => 200_000 };
        var size = new Option<int>("--size") { Description = "Bytes of an entry.", DefaultValueFactory = _ => 128 };
        var snapshot = new Option<int>("--snapshot-mib") { Description = "Size of the snapshot in MiB; 0 = none, and nothing is trimmed.", DefaultValueFactory = _ => 64 };
        var command = new Command("join", "A replica that has missed everything comes back: by snapshot and tail, or by all entries.")
        {
            data, entries, tail, size, snapshot, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data),
            new JoinSizes(parsed.GetRequiredValue(entries), parsed.GetRequiredValue(tail), parsed.GetRequiredValue(size), parsed.GetRequiredValue(snapshot)),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task RunAsync(string data, JoinSizes sizes, bool json, CancellationToken cancellation)
    {
        var directory = Directory.CreateDirectory(Path.Combine(data, $"controlplane-join-{Environment.ProcessId}"));
        try
        {
            await using var nodes = await JournalNodes.StartAsync(directory.FullName, 3, sizes.EntryBytes, cancellation);
            JoinReport? report = null;
            await Narration.DuringAsync(json, async step => report = await new JoinRun(nodes, sizes, step).RunAsync(cancellation));
            report!.Write(json, AnsiConsole.Console);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
