using System.Globalization;
using System.Text.Json;
using ControlPlane.Simulation;
using ControlPlane.Simulation.Coverage;
using ControlPlane.Simulator.App;
using Spectre.Console;

namespace ControlPlane.Simulator.Running;

/// <summary>A seed that did not pass.</summary>
internal sealed record RunFailure(ulong Seed, ExitCode Exit, string Check, string Sentence);

/// <summary>What many runs came to.</summary>
internal sealed class RunReport
{
    private const long SeedsForCoverage = 300;
    private static readonly JsonSerializerOptions Shape = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public long Seeds { get; private set; }

    public double VirtualHours { get; private set; }

    public long Operations { get; private set; }

    public long Faults { get; private set; }

    public long Entries { get; private set; }

    public long Events { get; private set; }

    public TimeSpan Elapsed { get; set; }

    public CoverageMarks Coverage { get; } = new();

    public List<RunFailure> Failures { get; } = [];

    public double OperationsPerSecond => Operations / (VirtualHours * 3_600);

    public double FaultsPerHour => Faults / VirtualHours;

    /// <summary>What a run of this length must have come to and did not.</summary>
    public IReadOnlyList<string> Uncovered => Seeds < SeedsForCoverage ? [] : [.. RequiredMarks.All.Where(mark => !Coverage.Hits.ContainsKey(mark))];

    public ExitCode Exit =>
        Failures.Select(failure => failure.Exit).OrderBy(Urgency).FirstOrDefault() is var worst and not ExitCode.Passed ? worst
        : Uncovered.Count > 0 ? ExitCode.TooLittleCovered
        : ExitCode.Passed;

    public void Add(ulong seed, SimulationResult result, string? difference)
    {
        Seeds++;
        VirtualHours += result.Duration / 3.6e12;
        Operations += result.Operations;
        Faults += result.Faults.Count;
        Entries += result.Entries;
        Events += result.Events;
        Coverage.Add(result.Coverage);
        if (result.Violation is { } violation)
        {
            Failures.Add(new RunFailure(seed, result.Verdict == SimulationVerdict.Unsafe ? ExitCode.Unsafe : ExitCode.NotLive, violation.Check, violation.Sentence));
        }

        if (difference is not null)
        {
            Failures.Add(new RunFailure(seed, ExitCode.Nondeterministic, "Determinism", difference));
        }
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Seeds,
            VirtualHours,
            Operations,
            OperationsPerSecond,
            Faults,
            FaultsPerHour,
            Entries,
            Events,
            Seconds = Elapsed.TotalSeconds,
            Failures = Failures.Select(failure => new { failure.Seed, Exit = failure.Exit.ToString(), failure.Check, failure.Sentence }),
            Uncovered,
            Coverage = Coverage.Hits,
            Exit = (int)Exit,
        },
        Shape);

    public void Show(Terminal terminal)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns("", "");
        table.Columns[1].Alignment = Justify.Right;
        void Row(string what, FormattableString value) => table.AddRow(what, value.ToString(CultureInfo.InvariantCulture));
        Row("seeds", $"{Seeds:#,0}");
        Row("virtual hours", $"{VirtualHours:#,0.0}");
        Row("operations in a virtual second", $"{OperationsPerSecond:0.0}");
        Row("faults in a virtual hour", $"{FaultsPerHour:#,0}");
        Row("committed entries", $"{Entries:#,0}");
        Row("real seconds", $"{Elapsed.TotalSeconds:#,0.0}");
        Row("virtual hours in a real one", $"{VirtualHours / Elapsed.TotalHours:#,0}");
        terminal.Console.Write(table);
        foreach (var failure in Failures)
        {
            terminal.Output.WriteLine($"seed {failure.Seed}: {failure.Exit}, {failure.Check}: {failure.Sentence}");
            terminal.Output.WriteLine($"  {SimulatorRoot.Name} seed {failure.Seed} --verbose");
        }

        foreach (var mark in Uncovered)
        {
            terminal.Output.WriteLine($"never: {mark}");
        }

        terminal.Output.WriteLine(Exit == ExitCode.Passed ? "passed" : $"failed ({(int)Exit}: {Exit})");
    }

    private static int Urgency(ExitCode exit) => exit switch
    {
        ExitCode.Internal => 0,
        ExitCode.Nondeterministic => 1,
        ExitCode.Unsafe => 2,
        ExitCode.NotLive => 3,
        _ => 4,
    };
}
