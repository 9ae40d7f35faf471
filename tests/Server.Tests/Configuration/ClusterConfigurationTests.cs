using System.Net;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security.Tests;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Server.Tests.Configuration;

/// <summary>What a node is told of its cluster. Nothing here listens.</summary>
public sealed class ClusterConfigurationTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void A_name_and_the_nodes_make_a_cluster()
    {
        var cluster = Read(OnLoopback()).Cluster;

        Assert.NotNull(cluster);
        Assert.Equal("site", cluster.Name);
        Assert.Equal([new("node-1", "127.0.0.1", 7081), new("node-2", "127.0.0.1", 7082), new PeerAddress("node-3", "::1", 7083)], cluster.Nodes);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 7081), cluster.Listen);
        Assert.Equal("http://127.0.0.1:7070", cluster.ClientAddress);
        Assert.Equal(RegisterKind.Quorum, cluster.Register);
        Assert.Empty(cluster.Etcd);
    }

    [Fact]
    public void What_is_written_wins_over_what_follows_from_the_nodes()
    {
        var cluster = Read(OnLoopback(
            ("Cluster:Listen", "[::1]:9"), ("Cluster:ClientAddress", "http://plane.example:80/"), ("Cluster:Register", "etcd"), ("Cluster:Etcd:0", "http://localhost:2379"))).Cluster;

        Assert.NotNull(cluster);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 9), cluster.Listen);
        Assert.Equal("http://plane.example", cluster.ClientAddress);
        Assert.Equal(RegisterKind.Etcd, cluster.Register);
        Assert.Equal([new Uri("http://localhost:2379")], cluster.Etcd);
    }

    [Fact]
    public void Nodes_that_are_named_by_host_are_accepted_everywhere_over_tls_and_clients_are_sent_to_https()
    {
        var files = _certificates.Node();
        var cluster = Read(new()
        {
            ["Name"] = "test",
            ["Tls:Certificate"] = files.Certificate,
            ["Tls:Key"] = files.Key,
            ["Tls:Ca"] = files.Ca,
            ["Cluster:Name"] = "site",
            ["Cluster:Nodes:0"] = "test=plane-1.example:7081",
            ["Cluster:Nodes:1"] = "other=plane-2.example:7081",
        }).Cluster;

        Assert.NotNull(cluster);
        Assert.Equal(new IPEndPoint(IPAddress.Any, 7081), cluster.Listen);
        Assert.Equal("https://127.0.0.1:7070", cluster.ClientAddress);
    }

    [Theory]
    [InlineData("Cluster:Name", "two words", "not a name")]
    [InlineData("Cluster:Nodes:1", "node-2", "not NAME=HOST:PORT")]
    [InlineData("Cluster:Nodes:1", "node-2=127.0.0.1", "not NAME=HOST:PORT")]
    [InlineData("Cluster:Nodes:1", "127.0.0.1:7082", "not NAME=HOST:PORT")]
    [InlineData("Cluster:Nodes:1", "=127.0.0.1:7082", "no proper name")]
    [InlineData("Cluster:Nodes:1", "node-2=127.0.0.1:0", "does not end with a port")]
    [InlineData("Cluster:Nodes:1", "node-2=127.0.0.1:65536", "does not end with a port")]
    [InlineData("Cluster:Nodes:1", "node-2=:7082", "neither a host nor an address")]
    [InlineData("Cluster:Nodes:1", "node-2=::1:7082", "neither a host nor an address")]
    [InlineData("Cluster:Nodes:1", "node-2=[localhost]:7082", "neither a host nor an address")]
    [InlineData("Cluster:Nodes:1", "node-2=0.0.0.0:7082", "nobody can reach")]
    [InlineData("Cluster:Nodes:1", "node-1=127.0.0.1:7082", "there twice")]
    [InlineData("Cluster:Nodes:1", "node-2=127.0.0.1:7081", "also the address of 'node-1'")]
    [InlineData("Cluster:Nodes", "node-1=127.0.0.1:7081", "one value where a list is wanted")]
    [InlineData("Cluster:Listen", "127.0.0.1", "not an address with a port")]
    [InlineData("Cluster:Listen", "127.0.0.1:0", "leaves the port to the system")]
    [InlineData("Cluster:Listen", "127.0.0.1:7070", "where the node listens for callers")]
    [InlineData("Cluster:Listen", "0.0.0.0:7081", "without TLS")]
    [InlineData("Cluster:ClientAddress", "plane.example", "not an http address")]
    [InlineData("Cluster:Register", "paper", "no kind of register")]
    [InlineData("Cluster:Register", "1", "no kind of register")]
    [InlineData("Cluster:Etcd:0", "etcd.example:2379", "not an http address")]
    public void A_wrong_value_is_refused_with_its_key_and_what_is_wrong(string key, string value, string wrong)
    {
        var values = OnLoopback((key, value));
        if (key == "Cluster:Nodes")
        {
            values = values.Where(pair => !pair.Key.StartsWith("Cluster:Nodes:", StringComparison.Ordinal)).ToDictionary();
        }

        if (key == "Cluster:Etcd:0")
        {
            values["Cluster:Register"] = "etcd";
        }

        var problem = ProblemsOf(values)[0];

        Assert.Equal(key, problem.Key);
        Assert.Contains(wrong, problem.Wrong, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
        Assert.Equal("on the command line", problem.Source);
    }

    [Fact]
    public void A_node_that_is_not_among_the_nodes_is_refused()
    {
        var problem = Assert.Single(ProblemsOf(OnLoopback(("Name", "node-4"))));

        Assert.Equal("Cluster:Nodes", problem.Key);
        Assert.Equal("on the command line", problem.Source);
        Assert.Contains("'node-4', which is this node's name, is not among them", problem.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_a_cluster_without_its_name_are_refused_together()
    {
        var problem = Assert.Single(ProblemsOf(new() { ["Cluster:Nodes:0"] = "node-1=127.0.0.1:7081", ["Cluster:Register"] = "quorum" }));

        Assert.Equal("Cluster:Name", problem.Key);
        Assert.Contains("not set, though Cluster:Nodes, Cluster:Register are", problem.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_nodes_are_too_many() => Assert.Contains(
        "there are 10 nodes",
        Assert.Single(ProblemsOf(OnLoopback([.. Enumerable.Range(4, 7).Select(i => ($"Cluster:Nodes:{i - 1}", $"node-{i}=127.0.0.1:{7080 + i}"))]))).Wrong,
        StringComparison.Ordinal);

    [Fact]
    public void A_register_on_etcd_needs_addresses_and_the_other_one_has_none()
    {
        Assert.Equal("not set, though Cluster:Register is etcd", Assert.Single(ProblemsOf(OnLoopback(("Cluster:Register", "etcd")))).Wrong);
        Assert.Equal("set, though Cluster:Register is quorum", Assert.Single(ProblemsOf(OnLoopback(("Cluster:Etcd:0", "http://127.0.0.1:2379")))).Wrong);
    }

    [Theory]
    [InlineData("0.0.0.0:7070")]
    [InlineData("127.0.0.1:0")]
    public void Clients_are_not_sent_to_an_address_that_is_none(string listen)
    {
        var problem = Assert.Single(ProblemsOf(OnLoopback(("Listen", listen), ("DangerouslyServePlaintextToTheNetwork", "true"))));

        Assert.Equal("Cluster:ClientAddress", problem.Key);
    }

    [Fact]
    public void Every_way_out_for_plaintext_is_closed_at_once()
    {
        var open = OnLoopback(
            ("Cluster:Nodes:0", "node-1=plane-1.example:7081"), ("Cluster:Nodes:1", "node-2=10.0.0.2:7081"), ("Cluster:Nodes:2", "node-3=localhost:7083"),
            ("Cluster:Register", "etcd"), ("Cluster:Etcd:0", "http://10.0.0.9:2379"), ("Cluster:Etcd:1", "https://10.0.0.8:2379"));

        var problems = ProblemsOf(open);

        Assert.Equal(["Cluster:Etcd", "Cluster:Listen", "Cluster:Nodes"], problems.Select(problem => problem.Key).Order());
        Assert.Contains("to node-2 at 10.0.0.2:7081", problems.Single(problem => problem.Key == "Cluster:Nodes").Wrong, StringComparison.Ordinal);

        open["DangerouslyServePlaintextToTheNetwork"] = "true";
        Assert.Equal("PLAINTEXT ON THE NETWORK", TransportNotice.Describe(Read(open)));
    }

    [Fact]
    public void Options_made_in_code_are_held_to_the_same_rule()
    {
        var options = Read(OnLoopback());
        var open = options with { Cluster = options.Cluster! with { Listen = new IPEndPoint(IPAddress.Any, 7081) } };

        Assert.Equal("Cluster:Listen", Assert.Single(Assert.Throws<ConfigurationException>(() => ControlPlaneNode.Build(open)).Problems).Key);
    }

    private static Dictionary<string, string?> OnLoopback(params (string Key, string Value)[] more)
    {
        var values = new Dictionary<string, string?>
        {
            ["Cluster:Name"] = "site",
            ["Cluster:Nodes:0"] = "node-1=127.0.0.1:7081",
            ["Cluster:Nodes:1"] = "node-2=127.0.0.1:7082",
            ["Cluster:Nodes:2"] = "node-3=[::1]:7083",
        };
        foreach (var (key, value) in more)
        {
            values[key] = value;
        }

        return values;
    }

    private static NodeOptions Read(Dictionary<string, string?> values) =>
        NodeConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static IReadOnlyList<ConfigurationProblem> ProblemsOf(Dictionary<string, string?> values) =>
        Assert.Throws<ConfigurationException>(() => Read(values)).Problems;
}
