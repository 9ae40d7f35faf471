using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Reports;

namespace ControlPlane.Chaos.Tests;

/// <summary>The report is one file that needs nothing else. To accept a change on purpose run with <c>GOLDEN_ACCEPT=1</c> and open it.</summary>
public sealed partial class ReportTests
{
    [Fact]
    public void The_report_of_a_tiny_run_is_as_it_was()
    {
        var run = Recordings.Tiny;
        var actual = HtmlReport.Render(run, RunCheck.Judge(run, "controlplane-chaos run tiny --seed 5"));
        if (Environment.GetEnvironmentVariable("GOLDEN_ACCEPT") == "1")
        {
            File.WriteAllText(Path.Combine(SourceDirectory(), "Golden", "tiny.html"), actual);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "tiny.html")), actual);
    }

    [Fact]
    public void A_red_line_stands_at_the_first_violation_and_the_sandbox_comes_first()
    {
        var run = Recordings.Planted;
        var page = HtmlReport.Render(run, RunCheck.Judge(run, "again"));
        Assert.Single(ViolationLine().Matches(page));
        Assert.Contains("first violation, 2.120 s", page, StringComparison.Ordinal);
        Assert.Contains("DoubleLeaseCheck: S0-10 was held by L0-31", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf(">S0-10</text>", StringComparison.Ordinal) < page.IndexOf(">S0-12</text>", StringComparison.Ordinal));
    }

    [Fact]
    public void It_names_no_other_place_and_runs_no_script()
    {
        var run = Recordings.Planted;
        var page = HtmlReport.Render(run, RunCheck.Judge(run, "again"));
        Assert.DoesNotMatch("(?i)(https?:|<script|<link|<img|@import|src=)", page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_hit_can_be_reached_with_the_keyboard_and_says_what_it_is()
    {
        var run = Recordings.Tiny;
        var page = HtmlReport.Render(run, RunCheck.Judge(run, "again"));
        Assert.Matches("tabindex=\"0\" role=\"img\" aria-label=\"fault 1: kill of node-1", page);
    }

    [Fact]
    public void Names_from_a_run_cannot_break_out_of_the_page()
    {
        var run = Recordings.Tiny;
        var page = HtmlReport.Render(run, RunCheck.Judge(run, "again <script>alert(1)</script>") with { Violations = [new Finding("Check", "<b>&\"")] });
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("Check: &lt;b&gt;&amp;&quot;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_drawing_is_well_formed()
    {
        var run = Recordings.Planted;
        var page = HtmlReport.Render(run, RunCheck.Judge(run, "again"));
        var svg = XElement.Parse(page[page.IndexOf("<svg", StringComparison.Ordinal)..(page.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length)]);
        Assert.Equal("svg", svg.Name.LocalName);
    }

    private static string SourceDirectory([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;

    [GeneratedRegex("<line [^>]*class=\"violation\"")]
    private static partial Regex ViolationLine();
}
