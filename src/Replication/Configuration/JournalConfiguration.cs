using ControlPlane.Primitives;

namespace ControlPlane.Replication.Configuration;

/// <summary>
/// What the config register holds about one journal: the only thing that needs consensus. It changes when a writer changes,
/// when the replica set changes and when a prefix is trimmed, never for an append.
/// </summary>
/// <param name="Journal">The journal.</param>
/// <param name="Epochs">Reigns in order, adjoining; all but the last are closed. Reigns without entries, and reigns below the head, are left out.</param>
/// <param name="Head">First position that must still be readable.</param>
public sealed record JournalConfiguration(JournalId Journal, IReadOnlyList<EpochRecord> Epochs, SequenceNumber Head)
{
    /// <summary>Most reigns kept. Reigns that a snapshot covers are forgotten (<see cref="Forget"/>) long before there are so many.</summary>
    public const int EpochsMax = 2_000;

    /// <summary>A journal that nobody has written yet.</summary>
    public static JournalConfiguration Create(JournalId journal) => new(journal, [], SequenceNumber.First);

    /// <summary>The newest reign, open or closed; null before the first.</summary>
    public EpochRecord? Current => Epochs.Count == 0 ? null : Epochs[^1];

    /// <summary>The value after the newest reign is closed at <paramref name="end"/> and <paramref name="next"/> begins behind it.</summary>
    /// <exception cref="InvariantViolationException">The reigns would not adjoin, or the epoch would not rise.</exception>
    public JournalConfiguration Succeed(SequenceNumber end, ChainHash endHash, Epoch next, ReplicaId writer, IReadOnlyList<ReplicaId> replicas)
    {
        var epochs = new List<EpochRecord>(Epochs.Count + 1);
        if (Current is { } last)
        {
            Invariant.Check(next > last.Epoch, "epochs strictly increase");
            Invariant.Check(end >= last.Start.Previous, "a reign does not end before it began");
            Invariant.Check(last.End is null || last.End == end, "a closed reign keeps its end");
            epochs.AddRange(Epochs.Take(Epochs.Count - 1));
            if (end >= last.Start)
            {
                epochs.Add(last with { End = end, EndHash = endHash });
            }
        }

        Invariant.Check(epochs.Count < EpochsMax, "a journal is trimmed before it has had this many reigns");
        epochs.Add(new EpochRecord(next, end.Next, endHash, writer, replicas));
        return this with { Epochs = epochs };
    }

    /// <summary>
    /// The value without the closed reigns that end at or below <paramref name="covered"/>, which a whole snapshot covers: nobody needs
    /// them to open the journal any more.
    /// </summary>
    public JournalConfiguration Forget(SequenceNumber covered) =>
        this with { Epochs = [.. Epochs.Where(e => e.End is not { } end || end > covered)] };

    /// <summary>The value after everything below <paramref name="head"/> may be dropped.</summary>
    public JournalConfiguration Trim(SequenceNumber head)
    {
        Invariant.Check(head >= Head, "the head never moves back");
        return this with { Head = head, Epochs = [.. Epochs.Where(e => e.End is not { } end || end >= head)] };
    }
}
