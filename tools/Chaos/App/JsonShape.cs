using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Chaos.App;

/// <summary>How everything that the tool writes as JSON looks: camelCase names, enumerations as words, absent values left out.</summary>
internal static class JsonShape
{
    /// <summary>One line a document.</summary>
    public static JsonSerializerOptions Line { get; } = New(indented: false);

    /// <summary>For files that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = New(indented: true);

    private static JsonSerializerOptions New(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
