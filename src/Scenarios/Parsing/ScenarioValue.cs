using System.Text;
using System.Text.Json;

namespace ControlPlane.Scenarios.Parsing;

/// <summary>A value of a JSON document, with the line that it stands on.</summary>
internal sealed class ScenarioValue
{
    private const int DepthMax = 16;

    public int Line { get; private init; }

    public JsonValueKind Kind { get; private init; }

    /// <summary>The text of a string, the digits of a number.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Of an object, in the file's order.</summary>
    public IReadOnlyList<(string Name, int Line, ScenarioValue Value)> Members { get; private init; } = [];

    /// <summary>Of an array.</summary>
    public IReadOnlyList<ScenarioValue> Items { get; private init; } = [];

    /// <summary>What a person would call it.</summary>
    public string Words => Kind switch
    {
        JsonValueKind.String => $"\"{Text}\"",
        JsonValueKind.Number => Text,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };

    /// <summary>Reads a document; comments and trailing commas are allowed.</summary>
    /// <exception cref="JsonException">It is not JSON; the line is in the exception, counted from 0.</exception>
    public static ScenarioValue Read(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DepthMax });
        var lines = new LineCounter(bytes);
        reader.Read();
        var root = Read(ref reader, lines);
        while (reader.Read())
        {
            // Only to hear of anything behind the document.
        }

        return root;
    }

    private static ScenarioValue Read(ref Utf8JsonReader reader, LineCounter lines)
    {
        var line = lines.At(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<(string, int, ScenarioValue)>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var (name, at) = (reader.GetString()!, lines.At(reader.TokenStartIndex));
                    reader.Read();
                    members.Add((name, at, Read(ref reader, lines)));
                }

                return new ScenarioValue { Line = line, Kind = JsonValueKind.Object, Members = members };
            case JsonTokenType.StartArray:
                var items = new List<ScenarioValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, lines));
                }

                return new ScenarioValue { Line = line, Kind = JsonValueKind.Array, Items = items };
            case JsonTokenType.String:
                return new ScenarioValue { Line = line, Kind = JsonValueKind.String, Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new ScenarioValue { Line = line, Kind = JsonValueKind.Number, Text = Encoding.UTF8.GetString(reader.ValueSpan) };
            case JsonTokenType.True:
                return new ScenarioValue { Line = line, Kind = JsonValueKind.True };
            case JsonTokenType.False:
                return new ScenarioValue { Line = line, Kind = JsonValueKind.False };
            default:
                return new ScenarioValue { Line = line, Kind = JsonValueKind.Null };
        }
    }

    private sealed class LineCounter(byte[] bytes)
    {
        private long _at;
        private int _line = 1;

        /// <summary>Asked in the document's order.</summary>
        public int At(long position)
        {
            for (; _at < position; _at++)
            {
                _line += bytes[_at] == '\n' ? 1 : 0;
            }

            return _line;
        }
    }
}
