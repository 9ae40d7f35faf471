using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Witness;

/// <summary>
/// The order of the journal is one that clients can have lived through: what was answered before something else began is not behind it.
/// For appends, readings of the tail and failed conditions; unanswered appends count with where the journal has them.
/// </summary>
/// <remarks>
/// The journal gives the order, so nothing is searched or sorted: from the tail to the head, the earliest answer to anything so far is
/// carried along, and whatever began after it is out of order. One pass over the operations, one over the positions (compare Gibbons
/// and Korach, "Testing shared memories", 1997, section 4: with the order of the writes given, linearizability is easy).
/// A reading that told of tail p took effect after entry p and before entry p + 1.
/// </remarks>
public static class RealTimeOrderCheck
{
    private const int Nobody = -1;
    private const int Trimmed = 0;

    /// <summary>For every position that something out of order has, the worst of it, from the tail to the head.</summary>
    public static IEnumerable<Violation> Run(WitnessJournal journal, IReadOnlyList<Operation<JournalCall>> operations)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(operations);
        var (appends, tails) = Place(journal, operations);
        var found = new List<Violation>();
        var earliest = Slot.Empty;
        for (var place = journal.Entries.Count; place >= 0 && found.Count < WitnessCheck.ViolationsMax; place--)
        {
            // Readings first: they came after the entry at their place.
            Judge(tails[place]);
            earliest = Earlier(earliest, place == Trimmed ? Slot.Empty : tails[place]);
            Judge(appends[place]);
            earliest = Earlier(earliest, appends[place]);

            void Judge(in Slot slot)
            {
                if (slot.Begins != Nobody && earliest.Answers != Nobody && earliest.Answered < slot.Begun)
                {
                    found.Add(new Violation(
                        nameof(RealTimeOrderCheck),
                        $"{operations[slot.Begins]} is at {Position(journal, place)} and so before {operations[earliest.Answers]}, which was answered before it began"));
                }
            }
        }

        return found;
    }

    private static Slot Earlier(in Slot one, in Slot other) =>
        other.Answers != Nobody && (one.Answers == Nobody || other.Answered < one.Answered) ? other : one;

    /// <summary>
    /// What happened at each place, counted from 1; <see cref="Trimmed"/> is everything below the head, whose own order is unknown. An
    /// append has one slot, at its first entry, whatever the number of attempts: it began with the first and was answered with the first
    /// answer. Readings at one place share a slot: any order among themselves will do.
    /// </summary>
    private static (Slot[] Appends, Slot[] Tails) Place(WitnessJournal journal, IReadOnlyList<Operation<JournalCall>> operations)
    {
        var appends = new Slot[journal.Entries.Count + 1];
        var tails = new Slot[journal.Entries.Count + 1];
        Array.Fill(appends, Slot.Empty);
        Array.Fill(tails, Slot.Empty);
        for (var index = 0; index < operations.Count; index++)
        {
            var operation = operations[index];
            var call = operation.Call;
            var (isAppend, place) = (call.Function, call.Answer) switch
            {
                (JournalFunction.Append, JournalAnswer.Ok) => (true, journal.PlaceOf(call.Position)),
                (JournalFunction.Append, JournalAnswer.None) when call.Number.Value != 0 && journal.Find(call.Client, call.Number) is >= 0 and var found => (true, found),
                (JournalFunction.Append, JournalAnswer.TailMismatch) or (JournalFunction.ReadTail, JournalAnswer.Ok) => (false, journal.PlaceOf(call.Position)),
                _ => (false, long.MaxValue),
            };
            if (place < journal.Entries.Count)
            {
                ref var slot = ref (isAppend ? appends : tails)[Math.Max(Trimmed, place + 1)];
                slot.Add(index, operation, isOneThing: isAppend && place >= 0);
            }
        }

        return (appends, tails);
    }

    private static string Position(WitnessJournal journal, int place) => place == Trimmed ? "a trimmed position" : $"{journal.PositionAt(place - 1)}";

    /// <summary>Who began and who was answered at one place, by number in the history.</summary>
    private record struct Slot(int Begins, long Begun, int Answers, long Answered)
    {
        public static Slot Empty => new(Nobody, 0, Nobody, 0);

        /// <param name="index">The operation's number.</param>
        /// <param name="operation">Itself.</param>
        /// <param name="isOneThing">True if all here are attempts at one append, which began with the first of them; else none may have begun too late.</param>
        public void Add(int index, in Operation<JournalCall> operation, bool isOneThing)
        {
            if (Begins == Nobody || (isOneThing ? operation.Invoked < Begun : operation.Invoked > Begun))
            {
                Begins = index;
                Begun = operation.Invoked;
            }

            if (operation.Call.Answer != JournalAnswer.None && operation.Completed is { } completed && (Answers == Nobody || completed < Answered))
            {
                Answers = index;
                Answered = completed;
            }
        }
    }
}
