using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Findings;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>How a dump looks. Written as it is read: a journal need not fit in memory.</summary>
internal interface IDumpFormat
{
    /// <summary>Before the first entry.</summary>
    void Begin(TextWriter output);

    /// <summary>One entry; <paramref name="file"/> is relative to the inspected directory.</summary>
    void Write(TextWriter output, in ScannedEntry entry, DecodedEntry decoded, string file);

    /// <summary>Something is wrong between the entries written before and after.</summary>
    void Write(TextWriter output, Finding finding);
}
