using System.Globalization;
using System.Text;
using ControlPlane.Simulation.Shrinking;

namespace ControlPlane.Simulator.Mutating;

/// <summary>What became of all mutants, as a table in Markdown.</summary>
internal static class KillMatrix
{
    public static string Write(IReadOnlyList<MutantTrial> trials)
    {
        var text = new StringBuilder();
        text.AppendLine("# Mutants and what caught them");
        text.AppendLine();
        text.AppendLine("Deliberately seeded bugs, each run seed by seed until a check says no; then the failing run is made small. Written by");
        text.AppendLine("`dotnet run --project tools/Simulator -p:Mutants=true -- mutants --out src/Simulation/MUTANTS.md`.");
        text.AppendLine();
        text.AppendLine("| mutant | what it does wrong | seeds | caught by | faults, operations left | story |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var trial in trials)
        {
            var killer = trial.Killer;
            text.AppendLine(killer is null
                ? string.Create(CultureInfo.InvariantCulture, $"| {trial.Mutant.Name} | {trial.Mutant.What} | not in {trial.Seeds} | | | |")
                : string.Create(CultureInfo.InvariantCulture, $"| {trial.Mutant.Name} | {trial.Mutant.What} | {trial.Seeds} | {killer.Violation!.Check} | {killer.Plan.Faults?.Count ?? killer.Faults.Count}, {killer.Operations} | {Plain(Reproduction.Of(killer).Story)} |"));
        }

        var killed = trials.Where(trial => trial.Killer is not null).ToList();
        text.AppendLine();
        text.AppendLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{killed.Count} of {trials.Count} caught. Medians: {Median(killed.Select(trial => trial.Seeds))} seeds, {Median(killed.Select(trial => trial.Killer!.Faults.Count))} faults, {Median(killed.Select(trial => (int)trial.Killer!.Operations))} operations, {Median(killed.Select(trial => (int)trial.ShrinkSeconds))} s to shrink."));
        return text.ToString();
    }

    private static int Median(IEnumerable<int> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : 0;

    private static string Plain(string story) => story.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
