using System.Globalization;
using System.Text.Json;
using ControlPlane.Bench.Load;
using Spectre.Console;

namespace ControlPlane.Bench.Reports;

/// <summary>Comparisons as a table for people, or as JSON.</summary>
internal static class ComparisonReport
{
    /// <summary>Of a report that goes to a file: a table that wraps cannot be read.</summary>
    private const int ReportWidth = 120;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Write(IReadOnlyList<Comparison> comparisons, bool json, IAnsiConsole console)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(comparisons.Select(Figures), Indented));
            return;
        }

        if (!console.Profile.Capabilities.Interactive)
        {
            console.Profile.Width = ReportWidth;
        }

        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("latencies in µs") };
        foreach (var column in new[] { "", "call", "p50", "p90", "p99", "p99.9", "per second", "CPU µs each" })
        {
            table.AddColumn(new TableColumn(column) { Alignment = column is "" or "call" ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var comparison in comparisons)
        {
            AddRow(table, comparison.Name, "data sync, alone", comparison.Sync, ofServer: false);
            AddRow(table, "", "no-op gRPC", comparison.NoOp, ofServer: true);
            if (comparison.SyncedNoOp is { } synced)
            {
                AddRow(table, "", "no-op gRPC that syncs", synced, ofServer: true);
            }

            AddRow(table, "", "allocate (+ release)", comparison.Allocate, ofServer: true);
        }

        console.Write(table);
        foreach (var comparison in comparisons)
        {
            console.MarkupLine(
                $"[bold]{Markup.Escape(comparison.Name)}[/]: allocate p50 is {Spread(comparison.RatiosToNoOp)} × no-op, {Spread(comparison.RatiosToFloor)} × (no-op + data sync)");
            if (comparison.SyncedNoOp is not null)
            {
                console.MarkupLine($"     and {Spread(comparison.RatiosToSyncedNoOp)} × a no-op that syncs: above 1 is the control plane's own");
            }

            if (comparison.Allocate.FirstFailure is { } failure)
            {
                console.MarkupLine($"[red]{comparison.Allocate.Failures} allocations failed, the first with: {Markup.Escape(failure)}[/]");
            }
        }

        console.MarkupLine("CPU µs each: of the node's process, for one no-op, and for one allocate with its release.");
    }

    private static void AddRow(Table table, string group, string call, Measured measured, bool ofServer) => table.AddRow(
        Markup.Escape(group),
        call,
        Number(measured.Latencies.At(50)),
        Number(measured.Latencies.At(90)),
        Number(measured.Latencies.At(99)),
        Number(measured.Latencies.At(99.9)),
        Number(measured.PerSecond),
        ofServer ? Number(measured.CpuMicrosecondsPerCycle) : "");

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Spread(IReadOnlyList<double> ratios) => string.Create(
        CultureInfo.InvariantCulture, $"{ratios.Order().ElementAt(ratios.Count / 2):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})");

    private static object Figures(Comparison comparison) => new
    {
        comparison.Name,
        DataSync = Figures(comparison.Sync),
        NoOp = Figures(comparison.NoOp),
        SyncedNoOp = comparison.SyncedNoOp is { } synced ? Figures(synced) : null,
        Allocate = Figures(comparison.Allocate),
        comparison.RatiosToNoOp,
        comparison.RatiosToFloor,
        comparison.RatiosToSyncedNoOp,
    };

    private static object Figures(Measured measured) => new
    {
        P50Us = measured.Latencies.At(50),
        P90Us = measured.Latencies.At(90),
        P99Us = measured.Latencies.At(99),
        P999Us = measured.Latencies.At(99.9),
        measured.PerSecond,
        measured.CpuMicrosecondsPerCycle,
        measured.Cycles,
        measured.Failures,
        measured.FirstFailure,
    };
}
