using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Dump;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;

namespace ControlPlane.JournalInspector.Tail;

/// <summary>Entries that fit the filter, in the wanted format, and what is said between them.</summary>
internal sealed class EntryOutput(TextWriter output, IDumpFormat format, DumpFilter filter)
{
    public DumpFilter Filter { get; } = filter;

    public TextWriter Output { get; } = output;

    public IDumpFormat Format { get; } = format;

    /// <summary>Writes the entry to <paramref name="destination"/>; false if the filter leaves it out.</summary>
    public bool Write(TextWriter destination, JournalDirectory journal, in ScannedEntry entry)
    {
        var decoded = DecodedEntry.Of(entry.Header, entry.Payload);
        if (!Filter.Shows(entry.Header, decoded))
        {
            return false;
        }

        Format.Write(destination, entry, decoded, journal.Relative(entry.File));
        return true;
    }

    /// <summary>What a reader of the entries must know about what lies between them.</summary>
    public void Notice(string kind, string message) =>
        Format.Write(Output, new Finding { Severity = Severity.Notice, Kind = kind, Message = message });
}
