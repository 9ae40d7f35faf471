using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>An entry as one side of a comparison shows it.</summary>
internal sealed record SideEntry(ulong Epoch, string Time, string Writer, string Kind, string Text)
{
    public static SideEntry Of(in ScannedEntry entry)
    {
        var decoded = DecodedEntry.Of(entry.Header, entry.Payload);
        return new SideEntry(
            entry.Header.Epoch.Value,
            entry.Header.Time.ToString(),
            entry.Header.Writer.ToString(),
            decoded.Kind,
            decoded.Kind == EntryKinds.Opaque ? Convert.ToHexStringLower(entry.Payload) : decoded.Summary);
    }
}
