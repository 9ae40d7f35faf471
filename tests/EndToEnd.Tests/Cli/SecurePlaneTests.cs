using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>Node, worker and callers as processes of their own, all with certificates that <c>cpctl certs</c> made.</summary>
public sealed class SecurePlaneTests(TestRun run) : IAsyncLifetime
{
    private readonly string _root = run.NewDirectory("secure");
    private readonly int _port = LoopbackPorts.TakePair();
    private readonly List<CapturedProcess> _processes = [];

    private string Address => $"https://127.0.0.1:{_port}";

    private string Said => string.Concat(_processes.Select(process => process.Said));

    public async ValueTask InitializeAsync()
    {
        (await CertsAsync("init")).Ended(0);
        foreach (var (role, name) in new[] { ("replica", "node-1"), ("worker", "worker-1"), ("operator", "alice"), ("tenant", "acme"), ("tenant", "mallory") })
        {
            (await CertsAsync("issue", "--role", role, "--name", name)).Ended(0);
        }

        Start(["serve", "--listen", $"127.0.0.1:{_port}", "--data", Path.Combine(_root, "plane"), .. Files("replica-node-1")]);
        Start(["worker", "--address", Address, "--gate", $"127.0.0.1:{_port + 1}", "--data", Path.Combine(_root, "worker"), .. Files("worker-worker-1")]);
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
        (await RunAsync("operator-alice", "function", "deploy", EchoFunction.CopyTo(_root), "--name", EchoFunction.Name, "--env", $"TMPDIR={_root}")).Ended(0);
        var status = (await RunAsync("operator-alice", "status", "--json")).Ended(0).Json;
        Assert.Equal("mutual TLS", status.GetProperty("transport").GetString());

        var answer = (await RunAsync("tenant-acme", "invoke", EchoFunction.Name, "--tenant", "acme", "--max-wait", "30s", "--timeout", "60s", "--payload", "hello")).Ended(0);
        Assert.Equal("hello", answer.Output.Trim());

        Assert.Equal("ROLE_NOT_ALLOWED", await RefusedAsync("tenant-acme", "status"));
        Assert.Equal("TENANT_MISMATCH", await RefusedAsync("tenant-mallory", "lease", "list", "--tenant", "acme"));
        Assert.Equal("ROLE_NOT_ALLOWED", await RefusedAsync("worker-worker-1", "allocate", EchoFunction.Name));
        Assert.Equal("mallory", (await RunAsync("tenant-acme", "certs", "show", PathOf("tenant-mallory.crt"), "--json")).Ended(0).Json.GetProperty("identity").GetString()!.Split('/')[^1]);
    }

    private async Task<string?> RefusedAsync(string caller, params string[] arguments) =>
        (await RunAsync(caller, [.. arguments, "--json"])).Ended(1).ErrorJson.GetProperty("reason").GetString();

    private Task<CommandResult> RunAsync(string caller, params string[] arguments) => Cpctl.RunAsync(Address, [.. arguments, .. Files(caller)]);

    private Task<CommandResult> CertsAsync(string verb, params string[] arguments) =>
        Cpctl.RunAsync("http://127.0.0.1:1", ["certs", verb, "--dir", PathOf(""), .. arguments]);

    private void Start(IEnumerable<string> arguments) => _processes.Add(CapturedProcess.Start(Cpctl.CommandLine(arguments), _root));

    private string[] Files(string name) => ["--ca", PathOf("ca.crt"), "--cert", PathOf($"{name}.crt"), "--key", PathOf($"{name}.key")];

    private string PathOf(string name) => Path.Combine(_root, "certs", name);
}
