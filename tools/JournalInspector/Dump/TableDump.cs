using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>One line an entry, for people. A "+" behind the position: the append goes on with the next entry.</summary>
internal sealed class TableDump : IDumpFormat
{
    public void Begin(TextWriter output) =>
        output.WriteLine($"{"SEQ",10}  {"EPOCH",5} {"TIME",-27} {"BYTES",7}  {"KIND",-19} ENTRY");

    public void Write(TextWriter output, in ScannedEntry entry, DecodedEntry decoded, string file)
    {
        var header = entry.Header;
        var position = header.EndsAppend ? $"{header.Sequence,10} " : $"{header.Sequence,10}+";
        var text = decoded.Kind == EntryKinds.Opaque ? Convert.ToHexStringLower(entry.Payload) : decoded.Summary;
        var client = header.Client.IsNone ? "" : $"  (client {header.Client} #{header.ClientSequence})";
        output.WriteLine($"{position} {header.Epoch,5} {header.Time,-27} {entry.Encoded.Length - EntryCodec.HeaderBytes,7}  {decoded.Kind,-19} {text}{client}".TrimEnd());
    }

    public void Write(TextWriter output, Finding finding) =>
        output.WriteLine($"{"!",10}  {finding.Line}");
}
