using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ControlPlane.Scenarios.Tests;

/// <summary>The published schema says what the parser accepts. To accept a change on purpose run with <c>GOLDEN_ACCEPT=1</c>.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void The_published_schema_is_that_of_the_model()
    {
        if (Environment.GetEnvironmentVariable("GOLDEN_ACCEPT") == "1")
        {
            File.WriteAllText(Path.Combine(SourceDirectory(), "../../src/Scenarios/scenario.schema.json"), ScenarioFile.DescribeModel());
        }

        Assert.Equal(ScenarioFile.DescribeModel(), ScenarioFile.Schema);
    }

    [Fact]
    public void Whatever_is_written_has_only_fields_of_the_schema()
    {
        using var schema = JsonDocument.Parse(ScenarioFile.Schema);
        using var written = JsonDocument.Parse(ScenarioFile.Write(new Scenario { Name = "any", Faults = [new Fault { At = TimeSpan.Zero }] }));
        AssertDescribed(written.RootElement, schema.RootElement);
    }

    [Fact]
    public void Every_kind_of_fault_has_its_row_in_the_table()
    {
        Assert.Equal(Enum.GetValues<FaultKind>(), FaultRules.All.Select(rule => rule.Kind));
        using var schema = JsonDocument.Parse(ScenarioFile.Schema);
        var fault = schema.RootElement.GetProperty("properties").GetProperty("faults").GetProperty("items").GetProperty("properties");
        Assert.Equal(Words.All<FaultKind>(), fault.GetProperty("kind").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
        Assert.All(FaultRules.All.SelectMany(rule => rule.Fields), field => Assert.True(fault.TryGetProperty(field, out _), field));
    }

    private static void AssertDescribed(JsonElement value, JsonElement schema)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            Assert.All(value.EnumerateObject(), member => AssertDescribed(member.Value, schema.GetProperty("properties").GetProperty(member.Name)));
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            Assert.All(value.EnumerateArray(), item => AssertDescribed(item, schema.GetProperty("items")));
        }
    }

    private static string SourceDirectory([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
