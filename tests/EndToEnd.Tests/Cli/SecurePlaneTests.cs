using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Security;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>Node, worker and callers as processes of their own, all with certificates that <c>cpctl certs</c> made.</summary>
public sealed class SecurePlaneTests(TestRun run) : IAsyncLifetime
{
    private readonly string _root = run.NewDirectory("secure");
    private readonly int _port = LoopbackPorts.TakePair();
    private readonly List<CapturedProcess> _processes = [];

    private CertificateDirectory Certificates => new(Path.Combine(_root, "certs"));

    private static (Role Role, string Name) Worker => (Role.Worker, "worker-1");

    private static (Role Role, string Name) Alice => (Role.Operator, "alice");

    private static (Role Role, string Name) Acme => (Role.Tenant, "acme");

    private static (Role Role, string Name) Mallory => (Role.Tenant, "mallory");

    private string Address => $"https://127.0.0.1:{_port}";

    private string Said => string.Concat(_processes.Select(process => process.Said));

    public async ValueTask InitializeAsync()
    {
        await Certificates.InitAsync();
        foreach (var (role, name) in new[] { (Role.Replica, "node-1"), Worker, Alice, Acme, Mallory })
        {
            await Certificates.IssueAsync(role, name);
        }

        Start(["serve", "--listen", $"127.0.0.1:{_port}", "--data", Path.Combine(_root, "plane"), .. Files((Role.Replica, "node-1"))]);
        Start(["worker", "--address", Address, "--gate", $"127.0.0.1:{_port + 1}", "--data", Path.Combine(_root, "worker"), .. Files(Worker)]);
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(_processes.Any(process => process.HasExited), "the plane ended instead of serving:\n" + Said);
                return await Readiness.ListensAsync(_port) && await Readiness.ListensAsync(_port + 1);
            },
            () => $"the plane at {Address} listens; it said:\n{Said}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await RunningProcesses.EndAllAsync(_root);
    }

    [Fact]
    public async Task An_operator_deploys_a_tenant_invokes_and_each_does_no_more_than_its_role_may()
    {
        (await RunAsync(Alice, "function", "deploy", EchoFunction.CopyTo(_root), "--name", EchoFunction.Name, "--env", $"TMPDIR={_root}")).Ended(0);
        var status = (await RunAsync(Alice, "status", "--json")).Ended(0).Json;
        Assert.Equal("mutual TLS", status.GetProperty("transport").GetString());

        var answer = (await RunAsync(Acme, "invoke", EchoFunction.Name, "--tenant", "acme", "--max-wait", "30s", "--timeout", "60s", "--payload", "hello")).Ended(0);
        Assert.Equal("hello", answer.Output.Trim());

        Assert.Equal("ROLE_NOT_ALLOWED", await RefusedAsync(Acme, "status"));
        Assert.Equal("TENANT_MISMATCH", await RefusedAsync(Mallory, "lease", "list", "--tenant", "acme"));
        Assert.Equal("ROLE_NOT_ALLOWED", await RefusedAsync(Worker, "allocate", EchoFunction.Name));
        Assert.Equal("mallory", (await RunAsync(Acme, "certs", "show", Certificates.FilesOf(Mallory.Role, Mallory.Name).Certificate, "--json")).Ended(0).Json.GetProperty("identity").GetString()!.Split('/')[^1]);
    }

    private async Task<string?> RefusedAsync((Role, string) caller, params string[] arguments) =>
        (await RunAsync(caller, [.. arguments, "--json"])).Ended(1).ErrorJson.GetProperty("reason").GetString();

    private Task<CommandResult> RunAsync((Role, string) caller, params string[] arguments) => Cpctl.RunAsync(Address, [.. arguments, .. Files(caller)]);

    private void Start(IEnumerable<string> arguments) => _processes.Add(CapturedProcess.Start(Cpctl.CommandLine(arguments), _root));

    private string[] Files((Role Role, string Name) holder) => CertificateDirectory.Arguments(Certificates.FilesOf(holder.Role, holder.Name));
}
