using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Scenarios.Parsing;

namespace ControlPlane.Scenarios.Fields;

/// <summary>One field of an object of a scenario.</summary>
/// <param name="Name">As files have it.</param>
/// <param name="Meaning">For the schema.</param>
/// <param name="IsRequired">It has no default.</param>
/// <param name="Read">What the object is with the value.</param>
/// <param name="Write">The value as JSON; null: it is not set.</param>
/// <param name="Schema">What the schema says of its type.</param>
internal sealed record Field<T>(
    string Name, string Meaning, bool IsRequired, Func<T, ScenarioValue, string, ProblemList, T> Read, Func<T, JsonNode?> Write, Func<JsonObject> Schema);

/// <summary>
/// The fields of one kind of object, as data: the parser, the writer and the schema are all made of it, so that they cannot disagree. Defaults are
/// those of a new <typeparamref name="T"/>.
/// </summary>
internal sealed class Shape<T>
    where T : class, new()
{
    private readonly List<Field<T>> _fields = [];

    /// <summary>In the order that they are written in.</summary>
    public IReadOnlyList<Field<T>> Fields => _fields;

    /// <summary>The object as a type of fields.</summary>
    public FieldType<T> Type => new(TryRead, Write, Schema);

    /// <summary>A field that always has a value.</summary>
    public Shape<T> With<TValue>(string name, FieldType<TValue> type, Func<T, TValue> get, Func<T, TValue, T> set, string meaning, bool isRequired = false)
    {
        _fields.Add(new Field<T>(
            name,
            meaning,
            isRequired,
            (target, value, path, problems) => type.Read(value, path, problems, out var read) ? set(target, read) : target,
            source => type.Write(get(source)),
            type.Schema));
        return this;
    }

    /// <summary>A field that may be left out, which says something by itself.</summary>
    public Shape<T> Perhaps<TValue>(string name, FieldType<TValue> type, Func<T, TValue?> get, Func<T, TValue, T> set, string meaning)
        where TValue : struct
    {
        _fields.Add(new Field<T>(
            name,
            meaning,
            false,
            (target, value, path, problems) => type.Read(value, path, problems, out var read) ? set(target, read) : target,
            source => get(source) is { } value ? type.Write(value) : null,
            type.Schema));
        return this;
    }

    /// <summary>Reads an object; problems are noted, and what could be read is in the result.</summary>
    public bool TryRead(ScenarioValue value, string path, ProblemList problems, out T result)
    {
        result = new T();
        if (value.Kind != JsonValueKind.Object)
        {
            problems.Add(value.Line, path, $"{value.Words} is not an object");
            return false;
        }

        var before = problems.All.Count;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, line, member) in value.Members)
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            if (_fields.Find(field => field.Name == name) is not { } field)
            {
                // Editors look for it.
                if (name != "$schema")
                {
                    var hint = Words.Nearest(name, _fields.Select(one => one.Name)) is { } near ? $"; did you mean \"{near}\"?" : "";
                    problems.Add(line, inner, $"there is no such field{hint}");
                }
            }
            else if (!seen.Add(name))
            {
                problems.Add(line, inner, "is there twice");
            }
            else
            {
                result = field.Read(result, member, inner, problems);
            }
        }

        foreach (var missing in _fields.Where(field => field.IsRequired && !seen.Contains(field.Name)))
        {
            problems.Add(value.Line, path.Length == 0 ? missing.Name : $"{path}.{missing.Name}", $"is missing: {missing.Meaning}");
        }

        return problems.All.Count == before;
    }

    /// <summary>All fields that are set.</summary>
    public JsonNode Write(T source)
    {
        var json = new JsonObject();
        foreach (var field in _fields)
        {
            if (field.Write(source) is { } value)
            {
                json[field.Name] = value;
            }
        }

        return json;
    }

    /// <summary>What the schema says of such an object.</summary>
    public JsonObject Schema()
    {
        var defaults = new T();
        var properties = new JsonObject();
        foreach (var field in _fields)
        {
            var schema = field.Schema();
            schema["description"] = field.Meaning;
            if (!field.IsRequired && field.Write(defaults) is { } value and not JsonObject)
            {
                schema["default"] = value;
            }

            properties[field.Name] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        if (_fields.Any(field => field.IsRequired))
        {
            result["required"] = new JsonArray([.. _fields.Where(field => field.IsRequired).Select(field => (JsonNode)field.Name)]);
        }

        return result;
    }
}
