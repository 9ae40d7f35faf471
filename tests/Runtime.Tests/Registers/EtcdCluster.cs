using System.Net;
using System.Net.Sockets;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>
/// A real etcd of three members on loopback, in a directory of its own. Where etcd is not installed there is none, and
/// <see cref="SkipIfMissing"/> says so.
/// </summary>
public sealed class EtcdCluster : IAsyncLifetime
{
    private const int Members = 3;
    private static readonly bool IsInstalled = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, "etcd")));
    private readonly TemporaryDirectory _directory = new();
    private readonly EtcdMember?[] _members = new EtcdMember?[Members];
    private int[] _ports = [];

    public IReadOnlyList<Uri> Endpoints => [.. Enumerable.Range(0, Members).Select(i => new Uri($"http://127.0.0.1:{_ports[i]}"))];

    public static void SkipIfMissing() => Assert.SkipUnless(IsInstalled, "etcd is not on PATH (Debian: etcd-server)");

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled)
        {
            return;
        }

        // Ports are chosen by the system but not held until etcd has them; whoever takes one in between costs another try.
        for (var tries = 1; ; tries++)
        {
            _ports = FreePorts(2 * Members);
            await Task.WhenAll(Enumerable.Range(0, Members).Select(StartMemberAsync));
            if (await IsAnsweringAsync())
            {
                return;
            }

            StopAll();
            Assert.True(tries < 3, $"etcd does not start: {Log()}");
        }
    }

    public ValueTask DisposeAsync()
    {
        StopAll();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    public EtcdConfigRegister NewClient(string journal) => new(
        new EtcdRegisterOptions { Endpoints = Endpoints, Cluster = "test", Journal = journal, RequestTimeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);

    public async Task StartMemberAsync(int index)
    {
        var peers = string.Join(',', Enumerable.Range(0, Members).Select(i => $"m{i}=http://127.0.0.1:{_ports[Members + i]}"));
        var client = Endpoints[index].ToString().TrimEnd('/');
        var peer = $"http://127.0.0.1:{_ports[Members + index]}";
        _members[index]?.Dispose();
        _members[index] = await EtcdMember.StartAsync(
            LogOf(index),
            [
                "--name", $"m{index}", "--data-dir", Path.Combine(_directory.Path, $"m{index}-{_ports[0]}"), "--log-level", "warn",
                "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", peers, "--initial-cluster-state", "new", "--initial-cluster-token", $"test-{_ports[0]}",
            ],
            CancellationToken.None);
    }

    public void KillMember(int index) => _members[index]!.Kill();

    /// <summary>True once every member that runs answers a linearizable read; false if one has ended.</summary>
    public async Task<bool> IsAnsweringAsync()
    {
        foreach (var endpoint in Endpoints)
        {
            await using var client = new EtcdConfigRegister(
                new EtcdRegisterOptions { Endpoints = [endpoint], Cluster = "test", Journal = "ready", RequestTimeout = TimeSpan.FromSeconds(1) }, TimeProvider.System);
            while (true)
            {
                try
                {
                    await client.ReadAsync(TestContext.Current.CancellationToken);
                    break;
                }
                catch (RegisterUnavailableException)
                {
                    if (_members.Any(m => m is null || !m.IsRunning))
                    {
                        return false;
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(20)); // Until it answers or ends: the loop's condition.
                }
            }
        }

        return true;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }

    private string LogOf(int index) => Path.Combine(_directory.Path, $"m{index}.log");

    private string Log() => string.Join('\n', Enumerable.Range(0, Members).Select(LogOf).Where(File.Exists).SelectMany(f => File.ReadLines(f).TakeLast(3)));

    private void StopAll()
    {
        foreach (var member in _members)
        {
            member?.Dispose();
        }
    }
}
