using System.Buffers;
using System.Text;
using System.Text.Json;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Views;
using Google.Protobuf;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>
/// One JSON document a line: the header's fields and, under "entry", the payload by protobuf's JSON mapping, fields in the
/// order of the contract. What this program cannot decode is under "payload", in Base64. Damage is a line with "finding".
/// </summary>
internal sealed class JsonLinesDump : IDumpFormat
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Begin(TextWriter output)
    {
    }

    public void Write(TextWriter output, in ScannedEntry entry, DecodedEntry decoded, string file)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JsonShape.Options.Encoder }))
        {
            json.WriteStartObject();
            WriteHeader(json, entry, file);
            json.WriteString("kind", decoded.Kind);
            WriteReferences(json, decoded.About);
            WritePayload(json, entry, decoded);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
    }

    public void Write(TextWriter output, Finding finding) =>
        output.WriteLine(JsonSerializer.Serialize(new { finding }, JsonShape.Options));

    private static void WriteHeader(Utf8JsonWriter json, in ScannedEntry entry, string file)
    {
        var header = entry.Header;
        json.WriteNumber("sequence", header.Sequence.Value);
        json.WriteNumber("epoch", header.Epoch.Value);
        json.WriteString("time", header.Time.ToString());
        json.WriteNumber("timeNanoseconds", header.Time.Nanoseconds);
        json.WriteBoolean("endsAppend", header.EndsAppend);
        json.WriteNumber("commitSequence", header.CommitSequence.Value);
        json.WriteString("writer", header.Writer.ToString());
        if (!header.Client.IsNone)
        {
            json.WriteString("client", header.Client.ToString());
            json.WriteNumber("clientSequence", header.ClientSequence.Value);
        }

        json.WriteNumber("producerVersion", header.ProducerVersion);
        json.WriteString("hash", entry.Hash.ToString());
        json.WriteString("file", file);
        json.WriteNumber("offset", entry.Offset);
    }

    /// <summary>Identifiers that the contract splits into halves, whole; and a creating entry's own name.</summary>
    private static void WriteReferences(Utf8JsonWriter json, in EntryReferences about)
    {
        WriteNumber(json, "sandbox", about.Sandbox);
        WriteNumber(json, "lease", about.Lease);
        WriteNumber(json, "worker", about.Worker);
        WriteNumber(json, "tenant", about.Tenant);
        if (about.Request is { } request)
        {
            json.WriteString("request", request.ToString());
        }

        if (about.Client is { IsNone: false } client)
        {
            json.WriteString("caller", client.ToString());
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WritePayload(Utf8JsonWriter json, in ScannedEntry entry, DecodedEntry decoded)
    {
        if (decoded.Entry is not null)
        {
            json.WritePropertyName("entry");
            json.WriteRawValue(Formatter.Format(decoded.Entry));
        }
        else if (decoded.Fence is { } fence)
        {
            json.WriteNumber("fence", fence.Value);
        }
        else
        {
            json.WriteBase64String("payload", entry.Payload);
        }
    }
}
