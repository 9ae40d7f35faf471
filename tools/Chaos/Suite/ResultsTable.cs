using System.Globalization;
using System.Text;
using ControlPlane.Chaos.Checks;

namespace ControlPlane.Chaos.Suite;

/// <summary>One suite run, a line of the results.</summary>
internal sealed record ResultsRow(string Date, string Commit, int Scenarios, int Kills, int Pauses, int Cuts, int Disk, int Clock, int Operations, int Violations)
{
    private const int Numbers = 8;

    public static ResultsRow Of(string date, string commit, IReadOnlyList<RunVerdict> verdicts) => new(
        date,
        commit,
        verdicts.Count,
        verdicts.Sum(verdict => verdict.Figures.Kills),
        verdicts.Sum(verdict => verdict.Figures.Pauses),
        verdicts.Sum(verdict => verdict.Figures.Cuts),
        verdicts.Sum(verdict => verdict.Figures.DiskFaults),
        verdicts.Sum(verdict => verdict.Figures.ClockFaults),
        verdicts.Sum(verdict => verdict.Figures.Operations),
        verdicts.Sum(verdict => verdict.Violations.Count));

    public static ResultsRow? TryRead(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != Numbers + 4)
        {
            return null;
        }

        var numbers = cells[3..^1].Select(cell => int.TryParse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : (int?)null).ToList();
        return numbers.TrueForAll(number => number is not null)
            ? new ResultsRow(cells[1], cells[2], numbers[0]!.Value, numbers[1]!.Value, numbers[2]!.Value, numbers[3]!.Value, numbers[4]!.Value, numbers[5]!.Value, numbers[6]!.Value, numbers[7]!.Value)
            : null;
    }

    public override string ToString() => FormattableString.Invariant(
        $"| {Date} | {Commit} | {Scenarios:N0} | {Kills:N0} | {Pauses:N0} | {Cuts:N0} | {Disk:N0} | {Clock:N0} | {Operations:N0} | {Violations:N0} |");
}

/// <summary>What all suite runs have done so far: a table that only grows, with its sum below.</summary>
internal static class ResultsTable
{
    private const string Sum = "**all**";

    private const string Head = """
        # What was done to real processes so far

        Written by `controlplane-chaos suite`: a line for each run of the suite, and their sum. Violations that were found are told in full in the runs' own summaries.

        | date | commit | runs | kills | pauses | cuts | disk faults | clock faults | operations checked | violations |
        |---|---|---|---|---|---|---|---|---|---|

        """;

    /// <summary>The table with one more row.</summary>
    public static string Add(string before, ResultsRow row)
    {
        List<ResultsRow> rows = [.. before.Split('\n').Select(ResultsRow.TryRead).OfType<ResultsRow>().Where(known => known.Date != Sum), row];
        var text = new StringBuilder(Head);
        foreach (var one in rows)
        {
            text.Append(one).Append('\n');
        }

        var all = rows.Aggregate((a, b) => new ResultsRow(
            Sum, "", a.Scenarios + b.Scenarios, a.Kills + b.Kills, a.Pauses + b.Pauses, a.Cuts + b.Cuts, a.Disk + b.Disk, a.Clock + b.Clock, a.Operations + b.Operations, a.Violations + b.Violations));
        return text.Append(all with { Date = Sum, Commit = "" }).Append('\n').ToString();
    }
}
