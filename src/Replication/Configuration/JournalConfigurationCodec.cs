using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Primitives;

namespace ControlPlane.Replication.Configuration;

/// <summary>
/// The register's value as JSON in UTF-8: small, rarely written, and readable by whoever must look into a register by hand.
/// Hashes and ids are 32 hexadecimal digits, positions are numbers.
/// </summary>
public static class JournalConfigurationCodec
{
    /// <summary>Every register holds values of this size.</summary>
    public const int EncodedBytesMax = 1 << 20;

    private const int FormatVersion = 1;

    /// <summary>The bytes of <paramref name="configuration"/>.</summary>
    public static byte[] Encode(JournalConfiguration configuration) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Document(
                FormatVersion,
                configuration.Journal.ToString(),
                configuration.Head.Value,
                [.. configuration.Epochs.Select(EncodeEpoch)]),
            DocumentContext.Default.Document);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">Not such a value, or written by a newer program; the message says which.</exception>
    public static JournalConfiguration Decode(ReadOnlySpan<byte> bytes)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, DocumentContext.Default.Document);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The config register does not hold a journal's configuration: {e.Message}", e);
        }

        if (document is null || document.Epochs is null)
        {
            throw new FormatException("The config register does not hold a journal's configuration.");
        }

        if (document.Format != FormatVersion)
        {
            throw new FormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"The config register has format {document.Format}, this program knows {FormatVersion}: use the program that wrote it, or a newer one."));
        }

        return new JournalConfiguration(
            JournalId.TryParse(document.Journal, out var journal) ? journal : throw BadField("journal"),
            [.. document.Epochs.Select(DecodeEpoch)],
            new SequenceNumber(document.Head));
    }

    private static EpochDocument EncodeEpoch(EpochRecord epoch) => new(
        epoch.Epoch.Value,
        epoch.Start.Value,
        epoch.StartHash.ToString(),
        epoch.Writer.ToString(),
        [.. epoch.Replicas.Select(r => r.ToString())],
        epoch.End?.Value,
        epoch.EndHash?.ToString());

    private static EpochRecord DecodeEpoch(EpochDocument epoch) => new(
        new Epoch(epoch.Epoch),
        new SequenceNumber(epoch.Start),
        DecodeHash(epoch.StartHash),
        DecodeReplica(epoch.Writer),
        [.. epoch.Replicas.Select(DecodeReplica)],
        epoch.End is { } end ? new SequenceNumber(end) : null,
        epoch.EndHash is { } hash ? DecodeHash(hash) : null);

    private static ReplicaId DecodeReplica(string text) =>
        ReplicaId.TryParse(text, out var id) ? id : throw BadField("replica");

    private static ChainHash DecodeHash(string text) =>
        Identifier128.TryParse(text, out var value) ? new ChainHash(value) : throw BadField("hash");

    private static FormatException BadField(string field) =>
        new($"The config register's {field} is not 32 hexadecimal digits.");

    internal sealed record Document(int Format, string Journal, ulong Head, IReadOnlyList<EpochDocument> Epochs);

    internal sealed record EpochDocument(
        ulong Epoch, ulong Start, string StartHash, string Writer, IReadOnlyList<string> Replicas, ulong? End = null, string? EndHash = null);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JournalConfigurationCodec.Document))]
internal sealed partial class DocumentContext : JsonSerializerContext;
