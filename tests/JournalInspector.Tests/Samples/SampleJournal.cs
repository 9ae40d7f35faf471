using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Tests.Samples;

/// <summary>
/// A short story in two reigns. A lease on sandbox 6 is granted (10), confirmed, renewed, and released in the second reign;
/// one on sandbox 8 is never confirmed and goes back; sandbox 6 is leased again (20) and dies under its lease. A snapshot
/// stands at 16.
/// </summary>
internal sealed class SampleJournal : IDisposable
{
    public const ulong FirstLease = 10;
    public const ulong LastEntry = 22;
    public const ulong SnapshotPosition = 16;

    private readonly TemporaryDirectory _directory = new();

    public SampleJournal()
    {
        using var journal = new JournalBuilder(Path);
        FirstReign(journal);
        journal.TakeSnapshot();
        journal.After(2).Restart();
        SecondReign(journal);
        FinalHash = journal.Core.Hash.ToString();
    }

    public string Path => _directory.Combine("journal");

    /// <summary>The worker manager's hash behind the last entry, as the writer had it.</summary>
    public string FinalHash { get; }

    public string Replica(params string[] names) => _directory.Combine(["journal", "replica", .. names]);

    /// <summary>Where an entry's frame lies.</summary>
    public (string File, long Offset) Find(ulong sequence)
    {
        var journal = JournalDirectory.Open(Path, new PhysicalDisk());
        EntryPlace? place = null;
        new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            place = new EntryPlace(entry.Header.Sequence.Value, entry.File, entry.Offset);
            return place.Sequence < sequence;
        }).Run(SequenceNumber.First);
        Assert.Equal(sequence, place?.Sequence);
        return (place!.File, place.Offset);
    }

    public void Dispose() => _directory.Dispose();

    private static void FirstReign(JournalBuilder journal)
    {
        journal.Append(Facts.Claimed("node-1"), Facts.Settings());
        journal.After(1).Append(Facts.Tenant("acme"));
        journal.Append(Facts.Function("echo"));
        journal.After(0.5).Append(Facts.Worker("worker-1"));
        journal.Append(Facts.Created(5, 4));
        journal.After(0.25).Append(Facts.Ready(6));
        journal.Append(Facts.Created(5, 4));
        journal.After(0.25).Append(Facts.Ready(8));
        Assert.Equal(FirstLease, journal.After(1).Append(Facts.Granted(6, 3, 0xa1)));
        journal.After(0.004).Append(Facts.Confirmed(FirstLease));
        journal.After(10).Append(Facts.Renewed(FirstLease, 1));
        journal.After(1).Append(Facts.Tenant("globex"), Facts.Granted(8, 13, 0xa2));
        journal.After(5.05).Append(Facts.Expired(14, EndReason.Unconfirmed));
        Assert.Equal(SnapshotPosition, journal.AppendStateHash());
    }

    private static void SecondReign(JournalBuilder journal)
    {
        journal.Append(Facts.Claimed("node-1"));
        journal.After(0.1).Append(Facts.Fenced(8, 15));
        journal.After(3).Append(Facts.Released(FirstLease));
        journal.After(0.5).Append(Facts.Granted(6, 3, 0xa3));
        journal.After(0.003).Append(Facts.Confirmed(20));
        Assert.Equal(LastEntry, journal.After(7).Append(Facts.Died(6, "exited with code 1")));
    }
}
