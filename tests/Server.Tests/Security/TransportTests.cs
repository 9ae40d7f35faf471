using System.Net;
using ControlPlane.Security.Tests;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Tests.Security;

/// <summary>How a node may be reached, as it is configured. Nothing here listens.</summary>
public sealed class TransportTests : IDisposable
{
    private static readonly IPEndPoint Everywhere = new(IPAddress.Any, 7070);

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Three_files_make_a_node_speak_tls_anywhere()
    {
        var options = Read(WithFiles(new() { ["Name"] = "test", ["Listen"] = "0.0.0.0:7070" }));

        Assert.Equal(_certificates.Node(), options.Tls);
        Assert.Equal("mutual TLS", TransportNotice.Describe(options));
    }

    [Fact]
    public void A_file_that_is_missing_from_the_three_is_asked_for()
    {
        var problem = Assert.Single(ProblemsOf(new() { ["Tls:Certificate"] = "a", ["Tls:Key"] = "b" }));

        Assert.Equal("Tls:Ca", problem.Key);
        Assert.Contains("not set, though other keys of Tls are", problem.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_said_of_its_key()
    {
        var problem = Assert.Single(ProblemsOf(WithFiles(new() { ["Name"] = "other" })));

        Assert.Equal("Tls:Certificate", problem.Key);
        Assert.Contains("is of controlplane://replica/test, which is somebody else", problem.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void The_alarming_flag_lets_plaintext_out_and_the_status_and_a_warning_say_so()
    {
        var options = Read(new() { ["Listen"] = "0.0.0.0:7070", ["DangerouslyServePlaintextToTheNetwork"] = "true" });
        var log = new Warnings();

        Assert.Equal(Everywhere, options.Listen);
        Assert.Equal("PLAINTEXT ON THE NETWORK", TransportNotice.Describe(options));
        Assert.True(new TransportNotice(options, log).StartAsync(TestNode.Cancellation).IsCompletedSuccessfully);
        Assert.StartsWith("PLAINTEXT ON THE NETWORK: whoever reaches 0.0.0.0:7070", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void On_loopback_plaintext_is_no_cause_for_alarm()
    {
        var options = Read([]);
        var log = new Warnings();

        Assert.Equal("plaintext on loopback", TransportNotice.Describe(options));
        Assert.True(new TransportNotice(options, log).StartAsync(TestNode.Cancellation).IsCompletedSuccessfully);
        Assert.Empty(log.Lines);
    }

    [Fact]
    public void The_alarming_flag_beside_tls_is_a_contradiction() => Assert.Equal(
        "DangerouslyServePlaintextToTheNetwork",
        Assert.Single(ProblemsOf(WithFiles(new() { ["Name"] = "test", ["DangerouslyServePlaintextToTheNetwork"] = "true" }))).Key);

    [Fact]
    public void Options_made_in_code_are_held_to_the_same_rules()
    {
        var plain = Read([]) with { Listen = Everywhere };
        Assert.Equal("Listen", Assert.Single(Assert.Throws<ConfigurationException>(() => ControlPlaneNode.Build(plain)).Problems).Key);

        var wrong = Read([]) with { Tls = _certificates.Node("other") };
        Assert.Equal("Tls:Certificate", Assert.Single(Assert.Throws<ConfigurationException>(() => ControlPlaneNode.Build(wrong)).Problems).Key);
    }

    private Dictionary<string, string?> WithFiles(Dictionary<string, string?> values)
    {
        var files = _certificates.Node();
        return new(values) { ["Tls:Certificate"] = files.Certificate, ["Tls:Key"] = files.Key, ["Tls:Ca"] = files.Ca };
    }

    private static NodeOptions Read(Dictionary<string, string?> values) =>
        NodeConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static IReadOnlyList<ConfigurationProblem> ProblemsOf(Dictionary<string, string?> values) =>
        Assert.Throws<ConfigurationException>(() => Read(values)).Problems;

    private sealed class Warnings : ILogger<TransportNotice>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
