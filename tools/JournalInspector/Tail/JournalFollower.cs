using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Tail;

/// <summary>
/// Shows new entries of a live directory until it is told to stop. It asks the watermark, which the writer moves behind each
/// flush: what lies at or below it is durable. Everything is opened anew at each look, so segments may come and go and the
/// node may be restarted in between.
/// </summary>
internal sealed class JournalFollower(CommandContext context, EntryOutput output, SeenEntries seen)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks in a row that may fail: a start or a clip moves files away under the reader, but not for this long.</summary>
    private const int FailuresMax = 100;

    private object? _lastLook;
    private int _failures;

    public void Run()
    {
        do
        {
            Look();
            output.Output.Flush();
        }
        while (!context.Cancellation.WaitHandle.WaitOne(PollInterval));
    }

    private void Look()
    {
        try
        {
            var journal = context.OpenJournal();
            object look = journal.Watermark is { } mark ? mark : new object();
            if (!look.Equals(_lastLook))
            {
                Show(journal, journal.Watermark?.Acknowledged);
                _lastLook = look;
            }

            _failures = 0;
        }
        catch (Exception passing) when (passing is StorageFaultException or InspectionException or JournalRefusedException && ++_failures <= FailuresMax)
        {
            _lastLook = null;
        }
    }

    private void Show(JournalDirectory journal, SequenceNumber? durable)
    {
        if (WasTakenBack(journal, durable))
        {
            GoBack(journal, durable);
        }

        new JournalWalk(
            journal,
            (in ScannedEntry entry) =>
            {
                if (entry.Header.Sequence > durable || context.Cancellation.IsCancellationRequested)
                {
                    return false;
                }

                if (entry.Header.Sequence > seen.Next)
                {
                    output.Notice("Skipped", $"entries {seen.Next} to {entry.Header.Sequence.Previous} are not there: trimmed before they could be shown, or damaged");
                }

                output.Write(output.Output, journal, entry);
                seen.Add(entry);
                return true;
            },
            finding =>
            {
                // What is being written may look torn; only what is acknowledged counts.
                if (finding.Severity == Severity.Loss && seen.IsNew(finding))
                {
                    output.Format.Write(output.Output, finding);
                }
            }).Run(seen.Next);
    }

    private bool WasTakenBack(JournalDirectory journal, SequenceNumber? durable)
    {
        if (seen.LastHash is not { } last)
        {
            return false;
        }

        if (durable < seen.Next.Previous)
        {
            return true;
        }

        var differs = false;
        new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            differs = entry.Header.Sequence == seen.Next && entry.Header.PreviousHash != last;
            return false;
        }).Run(seen.Next);
        return differs;
    }

    private void GoBack(JournalDirectory journal, SequenceNumber? durable)
    {
        var next = seen.Oldest;
        new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            if (entry.Header.Sequence > durable || !seen.Has(entry.Header.Sequence, entry.Hash))
            {
                return false;
            }

            next = entry.Header.Sequence.Next;
            return true;
        }).Run(seen.Oldest);
        if (next < seen.Next)
        {
            output.Notice("Clipped", $"entries {next} to {seen.Next.Previous} were taken back: never committed, and another reign goes on from {next}");
            seen.GoBackTo(next);
        }
    }
}
