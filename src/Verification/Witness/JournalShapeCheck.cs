using ControlPlane.Verification.Checks;

namespace ControlPlane.Verification.Witness;

/// <summary>
/// A journal is one line: positions without gaps, reigns that only rise, whole appends, each numbered append once, and hashes that vouch
/// for all that came before.
/// </summary>
public static class JournalShapeCheck
{
    /// <summary>Every place at which the journal is not one line.</summary>
    /// <param name="journal">The committed entries.</param>
    /// <param name="hasher">Null if the hashes are compared between replicas only (<see cref="PrefixAgreementCheck"/>).</param>
    public static IEnumerable<Violation> Run(WitnessJournal journal, PrefixHasher? hasher)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return [.. Repeated(journal), .. OutOfLine(journal), .. BrokenChain(journal, hasher)];
    }

    private static IEnumerable<Violation> Repeated(WitnessJournal journal) => journal.Repeated.Take(WitnessCheck.ViolationsMax).Select(pair => Broken(
        $"append {journal.Entries[pair.First].Number} of {journal.Entries[pair.First].Client} is in the journal twice, at {journal.PositionAt(pair.First)} and at {journal.PositionAt(pair.Again)}"));

    private static List<Violation> OutOfLine(WitnessJournal journal)
    {
        var found = new List<Violation>();
        var before = journal.Entries[0];
        for (var place = 1; place < journal.Entries.Count && found.Count < WitnessCheck.ViolationsMax; place++)
        {
            var entry = journal.Entries[place];
            if (entry.Position != before.Position.Next)
            {
                found.Add(Broken($"after position {before.Position} comes {entry.Position}"));
            }

            if (entry.Epoch < before.Epoch)
            {
                found.Add(Broken($"position {entry.Position} is of reign {entry.Epoch}, but the one before of the later reign {before.Epoch}"));
            }

            if (!before.EndsAppend && (entry.Client != before.Client || entry.Number != before.Number))
            {
                found.Add(Broken($"position {entry.Position} is of append {entry.Number} of {entry.Client}, but append {before.Number} of {before.Client} has not ended before it"));
            }

            before = entry;
        }

        if (!before.EndsAppend)
        {
            found.Add(Broken($"the append of the last entry, {before.Position}, is committed in part"));
        }

        return found;
    }

    private static List<Violation> BrokenChain(WitnessJournal journal, PrefixHasher? hasher)
    {
        var found = new List<Violation>();
        var before = ReadOnlyMemory<byte>.Empty;
        var computed = Array.Empty<byte>();
        for (var place = 0; hasher is not null && place < journal.Entries.Count && found.Count < WitnessCheck.ViolationsMax; place++)
        {
            var entry = journal.Entries[place];
            if (computed.Length != entry.PrefixHash.Length)
            {
                computed = new byte[entry.PrefixHash.Length];
            }

            if (hasher(before.Span, entry, computed) && !entry.PrefixHash.Span.SequenceEqual(computed))
            {
                found.Add(Broken($"the hash at {entry.Position} is {Convert.ToHexStringLower(entry.PrefixHash.Span)}, but the entries up to it give {Convert.ToHexStringLower(computed)}"));
            }

            before = entry.PrefixHash;
        }

        return found;
    }

    private static Violation Broken(string sentence) => new(nameof(JournalShapeCheck), sentence);
}
