using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Scenarios.Parsing;

namespace ControlPlane.Scenarios.Fields;

/// <summary>How one type of value is read, written and described in the schema.</summary>
/// <param name="Read">The value, or null with the problem noted.</param>
/// <param name="Write">The value as JSON.</param>
/// <param name="Schema">What the schema says.</param>
internal sealed record FieldType<TValue>(FieldType<TValue>.Reading Read, Func<TValue, JsonNode?> Write, Func<JsonObject> Schema)
{
    /// <summary>False if <paramref name="value"/> is none; then the problem is noted.</summary>
    public delegate bool Reading(ScenarioValue value, string path, ProblemList problems, out TValue result);
}

/// <summary>The types of fields that scenarios have.</summary>
internal static class FieldTypes
{
    public static FieldType<TimeSpan> Time(TimeSpan least, TimeSpan most) => new(
        (ScenarioValue value, string path, ProblemList problems, out TimeSpan time) =>
        {
            time = default;
            if (value.Kind != JsonValueKind.String || !TimeText.TryRead(value.Text, out time))
            {
                return Wrong(problems, value, path, "is not a time; write \"500ms\", \"3s\" or \"2m\"");
            }

            return (time >= least && time <= most) || Wrong(problems, value, path, $"is not between {TimeText.Of(least)} and {TimeText.Of(most)}");
        },
        time => TimeText.Of(time),
        () => new JsonObject { ["type"] = "string", ["pattern"] = TimeText.Pattern });

    public static FieldType<TimeRange> Range(TimeSpan least, TimeSpan most)
    {
        var one = Time(least, most);
        return new(
            (ScenarioValue value, string path, ProblemList problems, out TimeRange range) =>
            {
                range = default;
                if (value.Kind != JsonValueKind.Array || value.Items.Count != 2)
                {
                    return Wrong(problems, value, path, "is not two times; write [\"2s\", \"8s\"]");
                }

                var both = one.Read(value.Items[0], $"{path}[0]", problems, out var from) & one.Read(value.Items[1], $"{path}[1]", problems, out var to);
                range = new TimeRange(from, to);
                return both && (from <= to || Wrong(problems, value, path, "has the longer time first"));
            },
            range => new JsonArray(TimeText.Of(range.Least), TimeText.Of(range.Most)),
            () => new JsonObject { ["type"] = "array", ["items"] = one.Schema(), ["minItems"] = 2, ["maxItems"] = 2 });
    }

    public static FieldType<long> Whole(long least, long most) => new(
        (ScenarioValue value, string path, ProblemList problems, out long number) =>
        {
            number = 0;
            if (value.Kind != JsonValueKind.Number || !long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
            {
                return Wrong(problems, value, path, "is not a whole number");
            }

            return (number >= least && number <= most) || Wrong(problems, value, path, string.Create(CultureInfo.InvariantCulture, $"is not between {least} and {most}"));
        },
        number => number,
        () => new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most });

    public static FieldType<double> Number(double least, double most) => new(
        (ScenarioValue value, string path, ProblemList problems, out double number) =>
        {
            number = 0;
            if (value.Kind != JsonValueKind.Number || !double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            {
                return Wrong(problems, value, path, "is not a number");
            }

            return (number >= least && number <= most) || Wrong(problems, value, path, string.Create(CultureInfo.InvariantCulture, $"is not between {least} and {most}"));
        },
        number => number,
        () => new JsonObject { ["type"] = "number", ["minimum"] = least, ["maximum"] = most });

    public static FieldType<bool> Flag() => new(
        (ScenarioValue value, string path, ProblemList problems, out bool flag) =>
        {
            flag = value.Kind == JsonValueKind.True;
            return value.Kind is JsonValueKind.True or JsonValueKind.False || Wrong(problems, value, path, "is neither true nor false");
        },
        flag => flag,
        () => new JsonObject { ["type"] = "boolean" });

    public static FieldType<string> Text(string pattern, string otherwise) => new(
        (ScenarioValue value, string path, ProblemList problems, out string text) =>
        {
            text = value.Text;
            return (value.Kind == JsonValueKind.String && System.Text.RegularExpressions.Regex.IsMatch(value.Text, pattern)) || Wrong(problems, value, path, otherwise);
        },
        text => text,
        () => new JsonObject { ["type"] = "string", ["pattern"] = pattern });

    public static FieldType<T> Word<T>()
        where T : struct, Enum => new(
        (ScenarioValue value, string path, ProblemList problems, out T word) =>
        {
            word = default;
            return (value.Kind == JsonValueKind.String && Words.TryRead(value.Text, out word)) || WrongWord(problems, value, path, Words.All<T>());
        },
        word => Words.Of(word),
        () => new JsonObject { ["enum"] = new JsonArray([.. Words.All<T>().Select(word => (JsonNode)word)]) });

    public static FieldType<FaultTarget> Target() => new(
        (ScenarioValue value, string path, ProblemList problems, out FaultTarget target) =>
        {
            target = default;
            return (value.Kind == JsonValueKind.String && FaultTarget.TryParse(value.Text, out target)) || WrongWord(problems, value, path, [.. Words.All<TargetRole>(), "node-1", "worker-1"]);
        },
        target => target.ToString(),
        () => new JsonObject { ["anyOf"] = new JsonArray(Word<TargetRole>().Schema(), new JsonObject { ["type"] = "string", ["pattern"] = "^(node|worker)-[0-9]+$" }) });

    public static FieldType<IReadOnlyList<T>> List<T>(FieldType<T> one) => new(
        (ScenarioValue value, string path, ProblemList problems, out IReadOnlyList<T> list) =>
        {
            var items = new List<T>();
            list = items;
            if (value.Kind != JsonValueKind.Array)
            {
                return Wrong(problems, value, path, "is not a list");
            }

            for (var i = 0; i < value.Items.Count; i++)
            {
                if (one.Read(value.Items[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), problems, out var item))
                {
                    items.Add(item);
                }
            }

            return items.Count == value.Items.Count;
        },
        list => new JsonArray([.. list.Select(one.Write)]),
        () => new JsonObject { ["type"] = "array", ["items"] = one.Schema() });

    private static bool Wrong(ProblemList problems, ScenarioValue value, string path, string sentence)
    {
        problems.Add(value.Line, path, $"{value.Words} {sentence}");
        return false;
    }

    private static bool WrongWord(ProblemList problems, ScenarioValue value, string path, IReadOnlyList<string> known)
    {
        var hint = Words.Nearest(value.Text, known) is { } near ? $"; did you mean \"{near}\"?" : "";
        return Wrong(problems, value, path, $"is none of {string.Join(", ", known)}{hint}");
    }
}
