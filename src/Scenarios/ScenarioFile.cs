using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ControlPlane.Scenarios.Fields;
using ControlPlane.Scenarios.Parsing;

namespace ControlPlane.Scenarios;

/// <summary>Scenarios as text: JSON with comments and trailing commas in, plain JSON out. Pure: whoever has a file reads it.</summary>
public static class ScenarioFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The published schema (draft 2020-12), as it lies beside the source.</summary>
    public static string Schema
    {
        get
        {
            using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream("scenario.schema.json")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads and checks a scenario.</summary>
    /// <exception cref="ScenarioException">It cannot be used: every problem with its line and field.</exception>
    public static Scenario Parse(string json)
    {
        var problems = new ProblemList();
        ScenarioValue root;
        try
        {
            root = ScenarioValue.Read(json);
        }
        catch (JsonException broken)
        {
            problems.Add((int)(broken.LineNumber ?? 0) + 1, "", $"this is not JSON: {WithoutPlace(broken.Message)}");
            throw new ScenarioException(problems.All);
        }

        if (ScenarioShapes.Root.TryRead(root, "", problems, out var scenario))
        {
            ScenarioRules.Check(scenario, root, problems);
        }

        problems.ThrowIfAny();
        return scenario;
    }

    /// <summary>The scenario with every value written out; <see cref="Parse"/> reads it back.</summary>
    public static string Write(Scenario scenario) => ScenarioShapes.Root.Write(scenario).ToJsonString(Indented) + "\n";

    /// <summary>The schema as the model has it now; a test compares it with <see cref="Schema"/>.</summary>
    internal static string DescribeModel()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Scenario",
            ["description"] = "What is done to a control plane, and what must hold afterwards: the same file for simulation and for real processes.",
        };
        foreach (var (name, value) in ScenarioShapes.Root.Schema())
        {
            schema[name] = value?.DeepClone();
        }

        schema["properties"]!["$schema"] = new JsonObject { ["type"] = "string", ["description"] = "Where this schema lies, for editors." };
        schema["properties"]!["faults"]!["items"]!["properties"]!["kind"]!["description"] = "What is struck:\n" + string.Join("\n", FaultRules.All.Select(rule => $"{Words.Of(rule.Kind)}: {rule.Means}"));
        return schema.ToJsonString(Indented) + "\n";
    }

    private static string WithoutPlace(string message) => message.IndexOf(" LineNumber:", StringComparison.Ordinal) is > 0 and var at ? message[..at] : message;
}
