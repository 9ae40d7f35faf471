using System.Text.Json;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>An error in the Runtime API's own shape: what a function reports, and what it is answered.</summary>
internal sealed record RuntimeError(string Type, string Message)
{
    private const string UnknownType = "Runtime.Unknown";
    private const int TypeLengthMax = 256;
    private const int MessageLengthMax = 2048;

    /// <summary>
    /// Reads what a runtime posted. The body should be <c>{"errorMessage","errorType"}</c>; the header
    /// <c>Lambda-Runtime-Function-Error-Type</c> names the type when the body does not. Whatever else was posted becomes the
    /// message: a broken report of an error is still an error.
    /// </summary>
    public static RuntimeError Read(ReadOnlyMemory<byte> body, string? headerType)
    {
        string? type = null, message = null;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                type = Text(json.RootElement, "errorType");
                message = Text(json.RootElement, "errorMessage");
            }
        }
        catch (JsonException)
        {
            // Not JSON: kept as text below.
        }

        message ??= System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MessageLengthMax)]);
        return new RuntimeError(Cut(type ?? headerType ?? UnknownType, TypeLengthMax), Cut(message, MessageLengthMax));
    }

    /// <summary>The body to answer with.</summary>
    public byte[] ToJson()
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("errorMessage", Message);
            writer.WriteString("errorType", Type);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..max];
}
