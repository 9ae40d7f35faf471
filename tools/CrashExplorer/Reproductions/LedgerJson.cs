using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Primitives;

namespace ControlPlane.CrashExplorer.Reproductions;

/// <summary>How a ledger is written down: positions and reigns as numbers, hashes as hexadecimal digits.</summary>
internal static class LedgerJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(), new SequenceConverter(), new EpochConverter(), new HashConverter() },
    };

    private sealed class SequenceConverter : JsonConverter<SequenceNumber>
    {
        public override SequenceNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

        public override void Write(Utf8JsonWriter writer, SequenceNumber value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }

    private sealed class EpochConverter : JsonConverter<Epoch>
    {
        public override Epoch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetUInt64());

        public override void Write(Utf8JsonWriter writer, Epoch value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }

    private sealed class HashConverter : JsonConverter<ChainHash>
    {
        public override ChainHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(UInt128.Parse(reader.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

        public override void Write(Utf8JsonWriter writer, ChainHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
