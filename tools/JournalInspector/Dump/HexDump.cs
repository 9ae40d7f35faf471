using System.Text;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Findings;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>Header and payload byte by byte, with the byte positions in the file.</summary>
internal sealed class HexDump : IDumpFormat
{
    private const int BytesPerLine = 16;

    public void Begin(TextWriter output)
    {
    }

    public void Write(TextWriter output, in ScannedEntry entry, DecodedEntry decoded, string file)
    {
        output.WriteLine($"entry {entry.Header.Sequence} {decoded.Kind}, {entry.Encoded.Length} bytes, frame in {file} at byte {entry.Offset}, hash {entry.Hash}");
        var from = entry.Offset + SegmentLayout.FrameHeaderBytes;
        for (var at = 0; at < entry.Encoded.Length; at += BytesPerLine)
        {
            output.WriteLine(Line(from + at, entry.Encoded[at..Math.Min(at + BytesPerLine, entry.Encoded.Length)]));
        }

        output.WriteLine();
    }

    public void Write(TextWriter output, Finding finding)
    {
        output.WriteLine($"! {finding.Line}");
        output.WriteLine();
    }

    private static string Line(long position, ReadOnlySpan<byte> bytes)
    {
        var line = new StringBuilder($"{position:x8} ");
        foreach (var b in bytes)
        {
            line.Append($" {b:x2}");
        }

        line.Append(' ', ((BytesPerLine - bytes.Length) * 3) + 2);
        foreach (var b in bytes)
        {
            line.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        }

        return line.ToString();
    }
}
