using ControlPlane.Chaos.Recording;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Checks;

/// <summary>What is wrong with the journal for general use: acknowledged appends are where they were said to be, once, and nothing else is there.</summary>
internal static class JournalFindings
{
    public static IReadOnlyList<Finding> Of(RunRecord run)
    {
        var entries = run.Events.Where(happened => happened.Kind == EventKind.Entry).ToList();
        if (entries.Count == 0 && run.Events.All(happened => happened.What != "journal read"))
        {
            return [];
        }

        var appends = run.Operations.Where(operation => operation.Kind == OperationKind.Append).ToDictionary(append => append.Entry!);
        var placesOf = entries.ToLookup(entry => entry.Detail!, entry => entry.Position!.Value);
        return [.. Lost(appends.Values, placesOf), .. Doubled(placesOf), .. Strange(placesOf, appends), .. AgainstRealTime(appends.Values)];
    }

    private static IEnumerable<Finding> Lost(IEnumerable<Operation> appends, ILookup<string, ulong> placesOf) =>
        appends.Where(append => append.Outcome == OperationOutcome.Ok && !placesOf[append.Entry!].Contains(append.Position!.Value))
            .Select(append => Found($"{append.Entry} was acknowledged at position {append.Position} at {append.To / 1e6:0.000000} s, and {(placesOf[append.Entry!].Any() ? $"is at {string.Join(", ", placesOf[append.Entry!])}" : "is not in the journal")}"));

    private static IEnumerable<Finding> Doubled(ILookup<string, ulong> placesOf) =>
        placesOf.Where(places => places.Count() > 1).Select(places => Found($"{places.Key} is in the journal more than once, at {string.Join(", ", places)}"));

    private static IEnumerable<Finding> Strange(ILookup<string, ulong> placesOf, Dictionary<string, Operation> appends) =>
        placesOf.Where(places => !appends.TryGetValue(places.Key, out var append) || append.Outcome is OperationOutcome.Refused or OperationOutcome.Denied)
            .Select(places => Found($"{places.Key} is in the journal at {places.First()}, {(appends.ContainsKey(places.Key) ? "but its append was refused" : "but nobody appended it")}"));

    /// <summary>An append that began after another was answered has a higher position.</summary>
    private static IEnumerable<Finding> AgainstRealTime(IEnumerable<Operation> appends)
    {
        var answered = appends.Where(append => append.Outcome == OperationOutcome.Ok).OrderBy(append => append.To).ToList();
        var next = 0;
        Operation? highest = null;
        foreach (var append in answered.OrderBy(append => append.From))
        {
            for (; answered[next].To < append.From; next++)
            {
                highest = highest is null || answered[next].Position > highest.Position ? answered[next] : highest;
            }

            if (highest is not null && append.Position <= highest.Position)
            {
                yield return Found($"{append.Entry} was sent at {append.From / 1e6:0.000000} s, after {highest.Entry} had been answered with {highest.Position}, and got {append.Position}");
            }
        }
    }

    private static Finding Found(FormattableString sentence) => new("JournalCheck", FormattableString.Invariant(sentence));
}
