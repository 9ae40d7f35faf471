using System.Text.Json;
using ControlPlane.Security;

namespace ControlPlane.Cpctl.Tests;

public sealed class CertsTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cpctl-certs-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task What_is_issued_can_be_used_by_a_node_a_worker_and_a_tenant()
    {
        await DoneAsync("init");
        await DoneAsync("issue", "--role", "replica", "--name", "node-1", "--host", "10.0.0.7", "--host", "node-1.example");
        await DoneAsync("issue", "--role", "worker", "--name", "w1");
        await DoneAsync("issue", "--role", "tenant", "--name", "acme", "--days", "30");

        Assert.Empty(TlsSettings.Check(Files("replica-node-1"), OwnCertificate.OfNode("node-1"), TimeProvider.System));
        Assert.Empty(TlsSettings.Check(Files("worker-w1"), OwnCertificate.OfWorker("w1"), TimeProvider.System));
        Assert.Empty(TlsSettings.Check(Files("tenant-acme"), OwnCertificate.OfCaller, TimeProvider.System));
    }

    [Fact]
    public async Task Private_keys_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            // There are no such modes.
            return;
        }

        await DoneAsync("init");
        await DoneAsync("issue", "--role", "operator", "--name", "alice");

        foreach (var key in new[] { "ca.key", "operator-alice.key" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(key)));
            Assert.Contains("BEGIN PRIVATE KEY", await File.ReadAllTextAsync(PathOf(key), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("PRIVATE", await File.ReadAllTextAsync(PathOf("operator-alice.crt"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(["ca.crt", "ca.key", "operator-alice.crt", "operator-alice.key"], _directory.GetFiles().Select(file => file.Name).Order());
    }

    [Fact]
    public async Task Nothing_is_overwritten_unless_it_is_forced()
    {
        await DoneAsync("init");
        var ca = await File.ReadAllTextAsync(PathOf("ca.crt"), TestContext.Current.CancellationToken);
        string[] issue = ["issue", "--role", "tenant", "--name", "acme"];
        await DoneAsync(issue);

        foreach (var command in new[] { ["init"], issue })
        {
            var (exit, output, error) = await RunAsync(command);
            Assert.Equal((64, ""), (exit, output));
            Assert.Contains("is there already", error, StringComparison.Ordinal);
        }

        Assert.Equal(ca, await File.ReadAllTextAsync(PathOf("ca.crt"), TestContext.Current.CancellationToken));
        await DoneAsync([.. issue, "--force"]);
        await DoneAsync("init", "--force");
        Assert.NotEqual(ca, await File.ReadAllTextAsync(PathOf("ca.crt"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_is_told_what_was_made_and_what_a_file_is()
    {
        await DoneAsync("init");
        var issued = JsonDocument.Parse(await DoneAsync("issue", "--role", "worker", "--name", "w1", "--days", "2", "--json")).RootElement;

        Assert.Equal("controlplane://worker/w1", issued.GetProperty("identity").GetString());
        Assert.Equal(PathOf("worker-w1.key"), issued.GetProperty("keyFile").GetString());
        Assert.Equal(["localhost", "127.0.0.1", "::1"], issued.GetProperty("hosts").EnumerateArray().Select(host => host.GetString()));
        var (exit, output, _) = await ScriptedTerminal.RunAsync("certs", "show", PathOf("worker-w1.crt"), "--json");
        var shown = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, exit);
        Assert.Equal(issued.GetProperty("fingerprint").GetString(), shown.GetProperty("fingerprint").GetString());
        Assert.InRange(shown.GetProperty("validUntil").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1.9), TimeSpan.FromDays(2.1));
    }

    [Fact]
    public async Task A_person_is_told_who_the_holder_is()
    {
        await DoneAsync("init");
        await DoneAsync("issue", "--role", "tenant", "--name", "acme");

        var (_, output, _) = await ScriptedTerminal.RunAsync("certs", "show", PathOf("tenant-acme.crt"));

        Assert.Contains("controlplane://tenant/acme", output, StringComparison.Ordinal);
        Assert.Contains("none: its holder only dials", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--role admin --name a", "is no role")]
    [InlineData("--role tenant --name .a", "is not a name")]
    [InlineData("--role worker --name a --host no/host", "is no host")]
    [InlineData("--role worker --name a --days 0", "is not from 1 to 36500")]
    [InlineData("--role worker", "--name")]
    [InlineData("--role worker --name a", "certs init")]
    public async Task What_cannot_be_issued_is_wrong_usage(string options, string complaint)
    {
        var (exit, output, error) = await RunAsync(["issue", .. options.Split(' ')]);

        Assert.Equal((64, ""), (exit, output));
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status --address https://127.0.0.1:1", "--ca is not set")]
    [InlineData("status --address https://127.0.0.1:1 --ca a --key b", "--cert is not set")]
    [InlineData("status --address http://127.0.0.1:1 --ca a", "is plaintext")]
    [InlineData("status --address https://127.0.0.1:1,http://127.0.0.1:2 --ca a --cert b --key c", "some addresses are https and some are http")]
    public async Task Certificates_and_addresses_must_fit(string line, string complaint)
    {
        var (exit, _, error) = await ScriptedTerminal.RunAsync(line.Split(' '));

        Assert.Equal(64, exit);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_a_wrong_configuration()
    {
        var (exit, _, error) = await ScriptedTerminal.RunAsync("status", "--address", "https://127.0.0.1:1", "--ca", "/no/ca", "--cert", "/no/cert", "--key", "/no/key");

        Assert.Equal(78, exit);
        Assert.Contains("/no/cert is not there", error, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private TlsFiles Files(string name) => new(PathOf($"{name}.crt"), PathOf($"{name}.key"), PathOf("ca.crt"));

    private async Task<string> DoneAsync(params string[] command)
    {
        var (exit, output, error) = await RunAsync(command);
        Assert.Equal(("", 0), (error, exit));
        return output;
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(string[] command) =>
        ScriptedTerminal.RunAsync(["certs", command[0], "--dir", _directory.FullName, .. command[1..]]);
}
