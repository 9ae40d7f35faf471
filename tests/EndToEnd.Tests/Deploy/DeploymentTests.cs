using System.Diagnostics;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Security;

namespace ControlPlane.EndToEnd.Tests.Deploy;

/// <summary>The files of <c>tools/deploy</c> as they are shipped, but for addresses and directories.</summary>
public sealed class DeploymentTests(TestRun run) : IAsyncLifetime
{
    private const int Nodes = 3;
    private const string Program = "/usr/lib/controlplane/cpctl";

    private readonly string _root = run.NewDirectory("deploy");
    private readonly int _port = LoopbackPorts.TakeBlock((2 * Nodes) + 1);
    private readonly List<CapturedProcess> _processes = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CertificateDirectory Certificates => new(Path.Combine(_root, "certs"));

    private string Said => string.Concat(_processes.Select(process => process.Said));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await RunningProcesses.EndAllAsync(_root);
    }

    [Fact]
    public async Task The_configurations_start_a_cluster_and_the_workers_unit_a_worker_of_it()
    {
        await Certificates.InitAsync();
        var root = await Certificates.IssueAsync(Role.Operator, "root");
        for (var node = 1; node <= Nodes; node++)
        {
            var home = Install($"node-{node}.json", $"node-{node}", "node", await Certificates.IssueAsync(Role.Replica, $"node-{node}"));
            Start(["serve", "--config", Path.Combine(home, $"node-{node}.json")], []);
        }

        var workerHome = Install("worker.env", "worker", "worker", await Certificates.IssueAsync(Role.Worker, "worker-1"));
        var lines = await File.ReadAllLinesAsync(Path.Combine(workerHome, "worker.env"), Cancellation);
        var environment = lines.Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Start(CommandOf("controlplane-worker.service", workerHome, environment), environment);

        using var client = new ControlPlaneClient(new ControlPlaneClientOptions
        {
            Addresses = environment["CPCTL_ADDRESS"].Split(','),
            Tls = root,
            Deadline = TimeSpan.FromSeconds(5),
        });
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.DoesNotContain(_processes, process => process.HasExited);
                try
                {
                    var workers = await client.Operator.ListWorkersAsync(Cancellation);
                    return workers.Workers.Any(worker => worker is { Name: "worker-1", Connected: true, CapacitySandboxes: 64 });
                }
                catch (ControlPlaneException failure) when (failure.Outcome is CallOutcome.Unreachable or CallOutcome.Refused)
                {
                    return false;
                }
            },
            () => $"the cluster serves, with its worker; they said:\n{Said}");
        await EchoFunction.DeployAsync(client, _root);
        await using var lease = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        Assert.Equal("hello", (await lease.InvokeAsync("hello"u8.ToArray(), cancellation: Cancellation)).Payload.ToStringUtf8().TrimEnd());
    }

    [Theory]
    [InlineData("controlplane-node.service")]
    [InlineData("controlplane-worker.service")]
    public async Task The_units_are_in_order(string unit)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not there");
        var copy = Path.Combine(_root, unit);
        await File.WriteAllTextAsync(copy, (await File.ReadAllTextAsync(Shipped(unit), Cancellation)).Replace(Program, "/bin/true", StringComparison.Ordinal), Cancellation);

        using var analyze = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", "--man=no", copy]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var complaints = await analyze.StandardError.ReadToEndAsync(Cancellation);
        await analyze.WaitForExitAsync(Cancellation);

        Assert.DoesNotContain(unit, complaints, StringComparison.Ordinal);
        Assert.True(analyze.ExitCode == 0, complaints);
    }

    [Fact]
    public async Task The_units_know_the_exit_codes()
    {
        var wrong = await Cpctl.RunAsync("http://127.0.0.1:1", "serve", "--listen", "nowhere", "--data", Path.Combine(_root, "none"));
        foreach (var unit in new[] { "controlplane-node.service", "controlplane-worker.service" })
        {
            Assert.Contains($"RestartPreventExitStatus=64 {wrong.Ended(78).ExitCode}", await File.ReadAllTextAsync(Shipped(unit), Cancellation), StringComparison.Ordinal);
        }
    }

    private static string Shipped(string file) => Path.Combine(AppContext.BaseDirectory, "deploy", file);

    /// <summary>Puts a shipped file and its certificates into a directory that stands for a machine.</summary>
    private string Install(string file, string machine, string certificate, TlsFiles files)
    {
        var home = Directory.CreateDirectory(Path.Combine(_root, machine)).FullName;
        File.Copy(files.Certificate, Path.Combine(home, $"{certificate}.crt"));
        File.Copy(files.Key, Path.Combine(home, $"{certificate}.key"));
        File.Copy(files.Ca, Path.Combine(home, "ca.crt"));
        File.WriteAllText(Path.Combine(home, file), Here(File.ReadAllText(Shipped(file)), home));
        return home;
    }

    /// <summary>The same on this machine: its addresses by other ports, its directories below the test's.</summary>
    private string Here(string text, string home)
    {
        for (var node = 1; node <= Nodes; node++)
        {
            text = text
                .Replace($"10.0.0.{node}:7070", $"127.0.0.1:{_port + node - 1}", StringComparison.Ordinal)
                .Replace($"10.0.0.{node}:7072", $"127.0.0.1:{_port + Nodes + node - 1}", StringComparison.Ordinal);
        }

        return text
            .Replace("10.0.0.11:7071", $"127.0.0.1:{_port + (2 * Nodes)}", StringComparison.Ordinal)
            .Replace("/etc/controlplane", home, StringComparison.Ordinal)
            .Replace("/var/lib/controlplane-worker", Path.Combine(home, "data"), StringComparison.Ordinal)
            .Replace("/var/lib/controlplane", Path.Combine(home, "data"), StringComparison.Ordinal);
    }

    /// <summary>What a unit starts, with its variables put in.</summary>
    private IEnumerable<string> CommandOf(string unit, string home, Dictionary<string, string> environment)
    {
        var words = File.ReadLines(Shipped(unit)).Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..].Split(' ');
        Assert.Equal(Program, words[0]);
        return words[1..].Select(word => word.StartsWith("${", StringComparison.Ordinal) ? environment[word[2..^1]] : Here(word, home));
    }

    private void Start(IEnumerable<string> arguments, Dictionary<string, string> environment) =>
        _processes.Add(CapturedProcess.Start(Cpctl.CommandLine(arguments), _root, environment));
}
