using ControlPlane.Primitives.Entries;
using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Witness;

/// <summary>
/// What clients were told of the journal is what it holds: every acknowledged append is where it was said to be, with its content; a
/// condition failed only if it was false; what was refused, or never asked for, is not there.
/// </summary>
/// <remarks>
/// A tail only grows, so an expected tail that was once passed never comes back: an append whose condition failed cannot be in the
/// journal through another attempt either.
/// </remarks>
public static class AcknowledgedAppendCheck
{
    /// <summary>Every answer that the journal contradicts. What lies below its head was trimmed and cannot be judged.</summary>
    public static IEnumerable<Violation> Run(WitnessJournal journal, IReadOnlyList<Operation<JournalCall>> operations)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(operations);
        var explained = new bool[journal.Entries.Count];
        for (var at = 0; at < operations.Count; at++)
        {
            var operation = operations[at];
            if (Judge(journal, operation, explained) is { } sentence)
            {
                yield return Broken(sentence);
            }
        }

        foreach (var place in Unexplained(journal, operations, explained))
        {
            var entry = journal.Entries[place];
            yield return Broken($"append {entry.Number} of {entry.Client} is at {entry.Position}, but every attempt at it was refused, or there was none");
        }
    }

    /// <summary>The places of numbered appends that no operation accounts for, of clients that the history knows.</summary>
    private static IEnumerable<int> Unexplained(WitnessJournal journal, IReadOnlyList<Operation<JournalCall>> operations, bool[] explained)
    {
        // In the order of the journal, not of a hash table.
        var places = journal.NumberedAppends.Where(place => !explained[place]).Order().ToList();
        var clients = places.Count == 0 ? [] : operations.Select(operation => operation.Call.Client).ToHashSet();
        return places.Where(place => clients.Contains(journal.Entries[place].Client));
    }

    private static string? Judge(WitnessJournal journal, in Operation<JournalCall> operation, bool[] explained)
    {
        var call = operation.Call;
        return (call.Function, call.Answer) switch
        {
            (JournalFunction.ReadTail, JournalAnswer.Ok) => Tail(journal, operation),
            (JournalFunction.Append, JournalAnswer.Ok) => Appended(journal, operation, call, explained),
            (JournalFunction.Append, JournalAnswer.TailMismatch) => Mismatch(journal, operation),
            (JournalFunction.Append, JournalAnswer.None) when call.Number.Value != 0 => MayHaveAppended(journal, operation, call, explained),
            _ => null,
        };
    }

    private static string? Appended(WitnessJournal journal, in Operation<JournalCall> operation, in JournalCall call, bool[] explained)
    {
        var place = journal.PlaceOf(call.Position);
        if (place < 0)
        {
            return null;
        }

        if (place >= journal.Entries.Count)
        {
            return $"{operation} was acknowledged, but the journal ends at {journal.Tail}";
        }

        var isNumbered = call.Number.Value != 0;
        if (!isNumbered && explained[place])
        {
            return $"{operation} was acknowledged, but another append was given the same position";
        }

        var differs = Differs(journal, operation, call, (int)place);
        if (differs is not null && isNumbered && journal.Find(call.Client, call.Number) is >= 0 and var found && found != place)
        {
            explained[found] = true;
            return $"{operation} was acknowledged, but the journal has it at {journal.PositionAt(found)}";
        }

        explained[place] = true;
        return differs is null && call.ExpectedTail is { } expected && expected.Next != call.Position
            ? $"{operation} was acknowledged away from its expected tail"
            : differs;
    }

    private static string? MayHaveAppended(WitnessJournal journal, in Operation<JournalCall> operation, in JournalCall call, bool[] explained)
    {
        var place = journal.Find(call.Client, call.Number);
        if (place < 0)
        {
            return null;
        }

        explained[place] = true;
        return Differs(journal, operation, call, place);
    }

    private static string? Mismatch(WitnessJournal journal, in Operation<JournalCall> operation)
    {
        var call = operation.Call;
        return call.ExpectedTail is null ? $"{operation} had no condition that could fail"
            : call.ExpectedTail == call.Position ? $"{operation} was refused although the tail was the expected one"
            : call.Number.Value != 0 && journal.Find(call.Client, call.Number) is >= 0 and var place ? $"{operation} is in the journal, at {journal.PositionAt(place)}"
            : Tail(journal, operation);
    }

    private static string? Tail(WitnessJournal journal, in Operation<JournalCall> operation)
    {
        var place = journal.PlaceOf(operation.Call.Position);
        return place < 0 ? null
            : place >= journal.Entries.Count ? $"{operation} was told of a tail that is not committed: the journal ends at {journal.Tail}"
            : !journal.Entries[(int)place].EndsAppend ? $"{operation} was told of a tail in the middle of an append"
            : null;
    }

    /// <summary>Says what the journal holds instead of an append; null if it holds it.</summary>
    private static string? Differs(WitnessJournal journal, in Operation<JournalCall> operation, in JournalCall call, int place)
    {
        var contents = call.Contents.Span;
        for (var offset = 0; offset < contents.Length; offset++)
        {
            if (place + offset == journal.Entries.Count)
            {
                return $"of {operation} only {offset} of {contents.Length} entries are in the journal";
            }

            var entry = journal.Entries[place + offset];
            if (entry.Kind != EntryType.User || entry.Client != call.Client || entry.Number != call.Number || entry.Content != contents[offset])
            {
                return $"{operation} should be at {journal.PositionAt(place + offset)} with content {contents[offset]:x}, where the journal has append {entry.Number} of {entry.Client} with content {entry.Content:x} ({entry.Kind})";
            }

            if (entry.EndsAppend != (offset == contents.Length - 1))
            {
                return $"{operation} has {contents.Length} entries, but in the journal its append {(entry.EndsAppend ? "ends" : "goes on")} at {journal.PositionAt(place + offset)}";
            }
        }

        return null;
    }

    private static Violation Broken(string sentence) => new(nameof(AcknowledgedAppendCheck), sentence);
}
