using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace ControlPlane.Bench.Replicated;

/// <summary>Rounds as a table of medians for people, or as JSON.</summary>
internal static class ReplicatedReport
{
    private const int ReportWidth = 120;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="rounds">All measurements.</param>
    /// <param name="main">The subject that is compared with the others.</param>
    /// <param name="json">For machines.</param>
    /// <param name="console">Where to.</param>
    public static void Write(IReadOnlyList<ReplicatedRound> rounds, string main, bool json, IAnsiConsole console)
    {
        var groups = rounds.GroupBy(round => (round.Concurrency, round.Subject)).ToList();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(groups.Select(group => Figures([.. group], Beside(rounds, main, group.Key))), Indented));
            return;
        }

        if (!console.Profile.Capabilities.Interactive)
        {
            console.Profile.Width = ReportWidth;
        }

        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("medians of the rounds; latencies in µs") };
        foreach (var column in new[] { "", "subject", "p50", "p99", "per second", "CPU µs each", "client's", "wake-ups each" })
        {
            table.AddColumn(new TableColumn(column) { Alignment = column is "" or "subject" ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var group in groups)
        {
            table.AddRow(
                $"c={group.Key.Concurrency}",
                group.Key.Subject,
                Median(group, r => r.P50, "N0"),
                Median(group, r => r.P99, "N0"),
                Median(group, r => r.Measured.PerSecond, "N0"),
                Median(group, r => r.Measured.CpuMicrosecondsPerCycle, "N0"),
                Median(group, r => r.ClientCpuEach, "N0"),
                Median(group, r => r.WakeUpsEach, "N1"));
        }

        console.Write(table);
        foreach (var group in groups.Where(group => group.Key.Subject != main))
        {
            var beside = Beside(rounds, main, group.Key);
            if (beside.Count > 0)
            {
                console.MarkupLine(Markup.Escape(
                    $"c={group.Key.Concurrency}: {main} beside {group.Key.Subject}: p50 {Spread(beside, b => b.P50)} ×, p99 {Spread(beside, b => b.P99)} ×, throughput {Spread(beside, b => b.PerSecond)} ×"));
            }
        }

        foreach (var failed in rounds.Where(round => round.Measured.Failures > 0))
        {
            console.MarkupLine($"[red]{failed.Measured.Failures} failed: c={failed.Concurrency}, {failed.Subject}, round {failed.Round}; the first with: {Markup.Escape(failed.Measured.FirstFailure!)}[/]");
        }

        console.MarkupLine("Ratios are taken within each round: median (least to most). CPU and wake-ups: of all server processes of the subject together; the client's CPU is spent on the same cores.");
    }

    /// <summary>The main subject's figures over those of another, in each round.</summary>
    private static List<(double P50, double P99, double PerSecond)> Beside(
        IReadOnlyList<ReplicatedRound> rounds, string main, (int Concurrency, string Subject) other) =>
    [
        .. from mine in rounds
           where mine.Subject == main && mine.Concurrency == other.Concurrency
           join theirs in rounds.Where(r => r.Subject == other.Subject && r.Concurrency == other.Concurrency) on mine.Round equals theirs.Round
           select (mine.P50 / theirs.P50, mine.P99 / theirs.P99, mine.Measured.PerSecond / theirs.Measured.PerSecond),
    ];

    private static string Spread(List<(double P50, double P99, double PerSecond)> ratios, Func<(double P50, double P99, double PerSecond), double> of)
    {
        var sorted = ratios.Select(of).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Count / 2]:0.00} ({sorted[0]:0.00} to {sorted[^1]:0.00})");
    }

    private static double Median(IEnumerable<ReplicatedRound> rounds, Func<ReplicatedRound, double> of)
    {
        var sorted = rounds.Select(of).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Median(IEnumerable<ReplicatedRound> rounds, Func<ReplicatedRound, double> of, string format) =>
        Median(rounds, of).ToString(format, CultureInfo.InvariantCulture);

    private static object Figures(List<ReplicatedRound> rounds, List<(double P50, double P99, double PerSecond)> beside) => new
    {
        rounds[0].Concurrency,
        rounds[0].Subject,
        P50Us = Median(rounds, r => r.P50),
        P99Us = Median(rounds, r => r.P99),
        PerSecond = Median(rounds, r => r.Measured.PerSecond),
        CpuUsEach = Median(rounds, r => r.Measured.CpuMicrosecondsPerCycle),
        ClientCpuUsEach = Median(rounds, r => r.ClientCpuEach),
        WakeUpsEach = Median(rounds, r => r.WakeUpsEach),
        Failures = rounds.Sum(r => r.Measured.Failures),
        ReplicatedBesideIt = beside.Select(b => new { b.P50, b.P99, b.PerSecond }),
        Rounds = rounds.Select(r => new { r.Round, P50Us = r.P50, P99Us = r.P99, r.Measured.PerSecond, CpuUsEach = r.Measured.CpuMicrosecondsPerCycle, ClientCpuUsEach = r.ClientCpuEach, r.WakeUpsEach, r.Measured.Cycles }),
    };
}
