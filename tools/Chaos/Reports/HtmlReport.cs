using System.Text;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Reports;

/// <summary>A run as one HTML file that needs nothing else: no script, no font, no address. Readable in light and dark.</summary>
internal static class HtmlReport
{
    private const double PhaseHeight = 34;
    private const int ListedMax = 50;

    public static async Task WriteAsync(RunDirectory directory, RunVerdict verdict, CancellationToken cancellation) =>
        await File.WriteAllTextAsync(directory.Report, Render(RunRecord.Load(directory), verdict), cancellation);

    /// <summary>Pure: the same run gives the same bytes.</summary>
    public static string Render(RunRecord run, RunVerdict verdict)
    {
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Svg.Escape(verdict.Scenario)}: {verdict.Outcome}</title>
            <style>
            {ReportStyle.Css}
            </style>
            </head>
            <body>
            <header>
            <h1>{Svg.Escape(verdict.Scenario)} <span class="verdict {verdict.Outcome.ToString().ToLowerInvariant()}">{verdict.Outcome.ToString().ToUpperInvariant()}</span></h1>
            <p class="breaks">{Svg.Escape(verdict.Breaks)}</p>
            <p class="replay">Again: <code>{Svg.Escape(verdict.Replay)}</code></p>
            </header>

            """);
        AppendFindings(page, "What must never happen, and did", "violations", verdict.Violations.Select(finding => finding.ToString()));
        AppendFindings(page, "What did not come in time", "delays", verdict.Delays.Select(finding => finding.ToString()));
        AppendFindings(page, "Why it says too little", "gaps", verdict.Gaps);
        page.Append(Figures(verdict.Figures));
        page.Append(Timeline(run, verdict));
        page.Append(Legend);
        page.Append(FaultTable(run));
        page.Append("</body>\n</html>\n");
        return page.ToString();
    }

    private static void AppendFindings(StringBuilder page, string title, string style, IEnumerable<string> findings)
    {
        var all = findings.ToList();
        if (all.Count == 0)
        {
            return;
        }

        page.Append(FormattableString.Invariant($"<section class=\"findings {style}\">\n<h2>{title}</h2>\n<ol>\n"));
        foreach (var finding in all.Take(ListedMax))
        {
            page.Append(FormattableString.Invariant($"<li>{Svg.Escape(finding)}</li>\n"));
        }

        page.Append(all.Count > ListedMax ? FormattableString.Invariant($"</ol>\n<p>and {all.Count - ListedMax} more</p>\n</section>\n") : "</ol>\n</section>\n");
    }

    private static string Figures(RunFigures figures)
    {
        (string Name, string Value)[] all =
        [
            ("operations", Show(figures.Operations)), ("acknowledged", Show(figures.Ok)), ("unknown", Show(figures.Unknown)), ("refused", Show(figures.Refused)), ("denied", Show(figures.Denied)),
            ("faults", Show(figures.Faults)), ("kills", Show(figures.Kills)), ("pauses", Show(figures.Pauses)), ("cuts", Show(figures.Cuts)), ("disk", Show(figures.DiskFaults)), ("clock", Show(figures.ClockFaults)),
            ("longest outage", $"{Show(figures.LongestOutageMs)} ms"), ("allocated after healing", $"{Show(figures.RecoveredMs)} ms"),
        ];
        return $"<dl class=\"figures\">\n{string.Concat(all.Select(one => $"<div><dt>{one.Name}</dt><dd>{one.Value}</dd></div>\n"))}</dl>\n";

        static string Show(long number) => FormattableString.Invariant($"{number:N0}");
    }

    private static string Timeline(RunRecord run, RunVerdict verdict)
    {
        var scale = new TimeScale(Math.Min(0, run.Operations.Count > 0 ? run.Operations.Min(call => call.From) : 0), Math.Max(1, LastShown(run)));
        var (lanes, faults) = (new Svg(), new FaultLanes(run, scale));
        var places = new Dictionary<string, (double Y, double Height)>();
        var top = PhaseHeight;
        top = faults.Draw(lanes, top);
        top = new NodeLanes(run, scale).Draw(lanes, top, places);
        faults.Hatch(lanes, places);
        top = new OperationLanes(run, scale).Draw(lanes, top + 4);
        top = new SandboxLanes(run, scale, verdict.Violations).Draw(lanes, top + 4);
        var back = new Svg();
        DrawTimes(back, run, scale, top);
        if (verdict.FirstViolationAt is { } first)
        {
            lanes.Line(scale.X(first), 0, scale.X(first), top, "violation");
            var isRight = scale.X(first) > TimeScale.Right - 220;
            lanes.Text(scale.X(first) + (isRight ? -6 : 6), 12, $"first violation, {TimeScale.Show(first)}", isRight ? "violation-text end" : "violation-text");
        }

        var height = Svg.Number(top + 4);
        return FormattableString.Invariant($"""
            <figure>
            <svg viewBox="0 0 {TimeScale.Width} {height}" role="img" aria-label="The run over time">
            <defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" class="stripe"/></pattern></defs>
            {back}{lanes}</svg>
            </figure>

            """);
    }

    /// <summary>What is done when the clients have ended is not drawn: it takes time and shows nothing.</summary>
    private static long LastShown(RunRecord run)
    {
        var closing = run.Events.FirstOrDefault(happened => happened is { Kind: EventKind.Phase, What: "closing" })?.At;
        var lastCall = run.Operations.Count > 0 ? run.Operations[^1].To : 0;
        return Math.Max(closing ?? run.End, lastCall);
    }

    private static void DrawTimes(Svg svg, RunRecord run, TimeScale scale, double bottom)
    {
        foreach (var tick in scale.Ticks)
        {
            svg.Line(scale.X(tick), PhaseHeight - 6, scale.X(tick), bottom, "grid");
            svg.Text(scale.X(tick), PhaseHeight - 8, FormattableString.Invariant($"{tick / 1e6:0.##} s"), "small middle");
        }

        var labelledTo = 0.0;
        foreach (var phase in run.Events.Where(happened => happened is { Kind: EventKind.Phase, What: "faults" or "healing" or "calm" }))
        {
            var x = scale.X(phase.At);
            svg.Line(x, 0, x, bottom, "phase");
            if (x > labelledTo)
            {
                svg.Text(x + 3, 10, phase.What!, "small");
                labelledTo = x + 40;
            }
        }
    }

    private static string FaultTable(RunRecord run)
    {
        var ends = run.Events.Where(happened => happened is { Kind: EventKind.Fault, Over: true }).ToDictionary(end => end.Fault!.Value);
        var rows = run.Events.Where(happened => happened is { Kind: EventKind.Fault, Over: false }).Select(begin =>
        {
            var end = ends.GetValueOrDefault(begin.Fault!.Value);
            return FormattableString.Invariant(
                $"<tr><td>{begin.Fault}</td><td>{begin.What}</td><td>{string.Join(", ", begin.Targets ?? [])}</td><td>{TimeScale.Show(begin.At)}</td><td>{(end is null ? "" : TimeScale.Show(end.At))}</td><td>{Svg.Escape(string.Join("; ", new[] { begin.Detail, end?.Detail }.OfType<string>()))}</td></tr>\n");
        }).ToList();
        return rows.Count == 0 ? "" : FormattableString.Invariant($"""
            <details>
            <summary>{rows.Count} faults, as they were struck</summary>
            <table><thead><tr><th>#</th><th>fault</th><th>hit</th><th>from</th><th>to</th><th></th></tr></thead><tbody>
            {string.Concat(rows)}</tbody></table>
            </details>

            """);
    }

    private const string Legend = """
        <ul class="legend">
        <li><i class="leader"></i>leads</li><li><i class="follower"></i>follows</li><li><i class="candidate"></i>stands, or joins</li><li><i class="silent"></i>does not answer</li><li><i class="down"></i>down</li><li><i class="hatched"></i>struck</li>
        <li><i class="unknown"></i>outcome unknown</li><li><i class="refused"></i>refused</li><li><i class="denied"></i>denied</li><li><i class="line"></i>committed</li>
        </ul>

        """;
}
