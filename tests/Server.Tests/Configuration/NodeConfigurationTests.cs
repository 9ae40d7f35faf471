using System.Net;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Server.Tests.Configuration;

public sealed class NodeConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("node-configuration-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Nothing_configured_gives_the_defaults()
    {
        var options = Read([]);

        Assert.Equal("node-1", options.Name);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7070), options.Listen);
        Assert.Equal(Path.GetFullPath("data"), options.DataDirectory);
        Assert.Equal(200_000, options.SnapshotEveryEntries);
        Assert.Equal(TimeSpan.FromSeconds(10), options.DrainTimeout);
        Assert.Empty(options.Journals);
        Assert.Null(options.OtlpEndpoint);
        Assert.Null(options.Cluster);
        Assert.Equivalent(new WorkerManager.CoreOptions(), options.Core, strict: true);
    }

    [Fact]
    public void A_file_is_read()
    {
        var file = Write("""{ "Name": "alpha", "Listen": "[::1]:0", "Journals": ["jobs", "audit"], "OtlpEndpoint": "http://127.0.0.1:4317" }""");

        var options = NodeConfiguration.Load(file);

        Assert.Equal("alpha", options.Name);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 0), options.Listen);
        Assert.Equal(["jobs", "audit"], options.Journals);
        Assert.Equal(new Uri("http://127.0.0.1:4317"), options.OtlpEndpoint);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_the_environment_over_the_file()
    {
        var file = Write("""{ "Name": "from-file", "DrainTimeoutMs": 1, "SnapshotEveryEntries": 1 }""");
        var root = new ConfigurationBuilder()
            .AddJsonFile(file)
            .AddInMemoryCollection([new("Name", "from-environment"), new("DrainTimeoutMs", "2")])
            .AddInMemoryCollection([new("Name", "from-command-line")])
            .Build();

        var options = NodeConfiguration.Read(root);

        Assert.Equal("from-command-line", options.Name);
        Assert.Equal(TimeSpan.FromMilliseconds(2), options.DrainTimeout);
        Assert.Equal(1, options.SnapshotEveryEntries);
    }

    [Fact]
    public void An_environment_variable_sets_its_key_and_is_named_when_it_is_wrong()
    {
        Environment.SetEnvironmentVariable(NodeKeys.DrainTimeoutMs.EnvironmentVariable, "soon");
        try
        {
            var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => NodeConfiguration.Load(Write("{}"))).Problems);

            Assert.Equal("DrainTimeoutMs", problem.Key);
            Assert.Equal("in the environment variable CONTROLPLANE__DRAINTIMEOUTMS", problem.Source);
        }
        finally
        {
            Environment.SetEnvironmentVariable(NodeKeys.DrainTimeoutMs.EnvironmentVariable, null);
        }
    }

    [Theory]
    [InlineData("Name", "two words", "not a name")]
    [InlineData("Listen", "0.0.0.0:7070", "plaintext")]
    [InlineData("Listen", "192.168.1.5:7070", "plaintext")]
    [InlineData("Listen", "127.0.0.1", "not an address with a port")]
    [InlineData("Listen", "[::1]", "not an address with a port")]
    [InlineData("Listen", "example.org:7070", "not an address with a port")]
    [InlineData("SnapshotEveryEntries", "-1", "not a whole number")]
    [InlineData("SnapshotEveryEntries", "many", "not a whole number")]
    [InlineData("DrainTimeoutMs", "3600001", "not a whole number")]
    [InlineData("Journals", "jobs", "one value where a list is wanted")]
    [InlineData("Journals:0", "a/b", "not a name")]
    [InlineData("Journals:0", "wm-0", "belongs to the worker manager")]
    [InlineData("OtlpEndpoint", "collector", "not an http address")]
    [InlineData("Workers:LostAfterMs", "1500", "after missing a single report")]
    [InlineData("Workers:HeartbeatMs", "0", "not a whole number")]
    [InlineData("Refill:PerSecond", "0", "not a whole number")]
    [InlineData("Refill:Burst", "-5", "not a whole number")]
    [InlineData("InitialSettings:RequestRetentionMs", "999", "not a whole number")]
    [InlineData("InitialSettings:EndedRequestsMax", "999", "not a whole number")]
    [InlineData("InitialSettings:DriftPermille", "201", "not a whole number")]
    [InlineData("InitialSettings:DefaultTenantLeaseLimit", "-1", "not a whole number")]
    [InlineData("InitialSettings:PartitionLeaseLimit", "4294967296", "not a whole number")]
    [InlineData("DangerouslyServePlaintextToTheNetwork", "perhaps", "neither true nor false")]
    [InlineData("Lsten", "127.0.0.1:1", "no such key")]
    public void A_wrong_value_is_refused_with_its_key_and_what_is_wrong(string key, string value, string wrong)
    {
        var problem = Assert.Single(ProblemsOf([new(key, value)]));

        Assert.Equal(key, problem.Key);
        Assert.Contains(wrong, problem.Wrong, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        var problems = ProblemsOf([new("Name", ""), new("Listen", "nowhere"), new("DrainTimeoutMs", "x"), new("Journals:0", "a"), new("Journals:1", "a")]);

        Assert.Equal(["DrainTimeoutMs", "Journals:1", "Listen"], problems.Select(problem => problem.Key).Order());
    }

    [Fact]
    public void A_misspelt_key_is_answered_with_the_one_that_was_meant()
    {
        var problem = Assert.Single(ProblemsOf([new("DataDirektory", "x")]));

        Assert.Contains("Did you mean DataDirectory?", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_directory_that_is_a_file_is_refused()
    {
        var file = Write("{}");

        Assert.Contains("is a file", Assert.Single(ProblemsOf([new("DataDirectory", file)])).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_that_is_not_there_is_refused()
    {
        var missing = Path.Combine(_directory.FullName, "missing.json");

        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => NodeConfiguration.Load(missing)).Problems);

        Assert.Contains(missing, problem.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_json_is_refused_with_its_name()
    {
        var file = Write("Name = alpha");

        var problem = Assert.Single(Assert.Throws<ConfigurationException>(() => NodeConfiguration.Load(file)).Problems);

        Assert.Contains(file, problem.Source, StringComparison.Ordinal);
        Assert.Contains("not JSON", problem.Wrong, StringComparison.Ordinal);
    }

    private static NodeOptions Read(IEnumerable<KeyValuePair<string, string?>> values) =>
        NodeConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static IReadOnlyList<ConfigurationProblem> ProblemsOf(IEnumerable<KeyValuePair<string, string?>> values) =>
        Assert.Throws<ConfigurationException>(() => Read(values)).Problems;

    private string Write(string json)
    {
        var path = Path.Combine(_directory.FullName, "controlplane.json");
        File.WriteAllText(path, json);
        return path;
    }
}
