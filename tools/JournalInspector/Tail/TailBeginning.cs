using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Tail;

/// <summary>The last entries of what is there now, in bounded memory.</summary>
internal sealed class TailBeginning
{
    /// <summary>How many are shown at most.</summary>
    public required int Lines { get; init; }

    /// <summary>Not those that the writer has not noted as durable yet.</summary>
    public required bool OnlyDurable { get; init; }

    /// <summary>Writes them; returns what was read last, shown or not.</summary>
    public SeenEntries Show(JournalDirectory journal, EntryOutput output, Progress progress)
    {
        var durable = OnlyDurable ? journal.Watermark?.Acknowledged : null;
        var from = NearTheEnd(journal, output);
        var (lines, seen) = Read(journal, output, from, durable, progress);
        if (lines.Count < Lines && from > output.Filter.WalkFrom)
        {
            // Something there cannot be read, so that the last ones lie further back.
            (lines, seen) = Read(journal, output, output.Filter.WalkFrom, durable, progress);
        }

        progress.End();
        output.Format.Begin(output.Output);
        foreach (var line in lines)
        {
            output.Output.Write(line);
        }

        return seen;
    }

    private (Queue<string> Lines, SeenEntries Seen) Read(
        JournalDirectory journal, EntryOutput output, SequenceNumber from, SequenceNumber? durable, Progress progress)
    {
        var lines = new Queue<string>();
        var seen = new SeenEntries(from);
        var line = new StringWriter { NewLine = output.Output.NewLine };
        new JournalWalk(
            journal,
            (in ScannedEntry entry) =>
            {
                if (entry.Header.Sequence > durable)
                {
                    return false;
                }

                progress.Count(entry.Encoded.Length);
                seen.Add(entry);
                if (output.Write(line, journal, entry))
                {
                    lines.Enqueue(line.ToString());
                    line.GetStringBuilder().Clear();
                }

                if (lines.Count > Lines)
                {
                    lines.Dequeue();
                }

                return true;
            },
            finding =>
            {
                seen.IsNew(finding);
                output.Format.Write(line, finding);
            }).Run(from);
        return (line.GetStringBuilder().Length == 0 ? lines : new Queue<string>([.. lines, line.ToString()]), seen);
    }

    /// <summary>A filter may have to look at everything; without one the watermark says where the end is.</summary>
    private SequenceNumber NearTheEnd(JournalDirectory journal, EntryOutput output)
    {
        var end = journal.Watermark?.Acknowledged ?? SequenceNumber.None;
        var from = output.Filter.WalkFrom;
        return output.Filter.IsEmpty && end.Value > (ulong)Lines + from.Value
            ? new SequenceNumber(end.Value - (ulong)Lines)
            : from;
    }
}
