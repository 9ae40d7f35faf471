using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.State;

/// <summary>What <c>state --diff</c> says, from the earlier position to the later one.</summary>
internal sealed record StateDifferenceReport : View
{
    public required StateEnd From { get; init; }

    public required StateEnd To { get; init; }

    /// <summary>Table by table; added and changed records in the later state's order, then removed ones.</summary>
    public required IReadOnlyList<StateChange> Changes { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render() => Layout.Stack(
        Layout.Table(
            ["", "POSITION", "TIME", "STATE HASH"],
            [
                ["from", From.Position.ToString(null, null), From.Time, From.StateHash],
                ["to", To.Position.ToString(null, null), To.Time, To.StateHash],
            ],
            ""),
        Changes.Count == 0 ? Layout.Line("Nothing changed.") : Layout.Lines(Changes.SelectMany(Lines)));

    private static IEnumerable<string> Lines(StateChange change)
    {
        var what = $"{change.Table} {change.Name}";
        return change.Kind switch
        {
            StateChange.Added => [$"+ {what}  {string.Join(' ', change.Fields.Select(field => $"{field.Field}={field.After}"))}"],
            StateChange.Removed => [$"- {what}  {(change.Ended is { } end ? $"ended: {end}" : string.Join(' ', change.Fields.Select(field => $"{field.Field}={field.Before}")))}"],
            _ => [$"~ {what}", .. change.Fields.Select(field => $"    {field.Field}: {Shown(field.Before)} -> {Shown(field.After)}")],
        };
    }

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "none" : value;
}

/// <summary>One side.</summary>
internal sealed record StateEnd(ulong Position, string Time, string StateHash);

/// <summary>A record that is not the same on both sides.</summary>
/// <param name="Table">partition, tenant, function, worker, sandbox or lease.</param>
/// <param name="Name">Which one.</param>
/// <param name="Kind">added, removed or changed.</param>
/// <param name="Fields">All that are set if it was added or removed; those that differ if it changed.</param>
/// <param name="Ended">How a removed lease ended, as long as that is remembered.</param>
internal sealed record StateChange(string Table, string Name, string Kind, IReadOnlyList<FieldChange> Fields, string? Ended)
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string Changed = "changed";
}

/// <summary>Null: the record was not there.</summary>
internal sealed record FieldChange(string Field, string? Before, string? After);
