using System.Diagnostics;
using System.Globalization;
using ControlPlane.Bench.Load;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Bench.Replicated;

/// <summary>
/// A real etcd of three members, asked at its leader, which spares it a hop. Each member runs beside a small shell that waits for the end
/// of its standard input, deaf to what a terminal sends to all: however this process ends, the shell sees it and kills etcd.
/// </summary>
internal sealed class EtcdMembers : ISubject
{
    private const int Members = 3;
    private const string Watch = """trap '' INT TERM; exec 3>&1; etcd "$@" >"$LOG" 2>&1 3>&- </dev/null & member=$!; echo $member >&3; exec 3>&-; cat >/dev/null; kill -9 $member 2>/dev/null; wait $member 2>/dev/null""";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly List<Process> _shells = [];
    private readonly List<int> _members = [];
    private readonly List<GrpcChannel> _channels = [];
    private readonly int _payloadBytes;

    private EtcdMembers(int payloadBytes) => _payloadBytes = payloadBytes;

    /// <summary>Whether there is an etcd to start.</summary>
    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, "etcd")));

    public string Name => $"etcd put, {Members} members";

    public IReadOnlyList<int> Processes => _members;

    public static async Task<EtcdMembers> StartAsync(string directory, int payloadBytes, CancellationToken cancellation)
    {
        var etcd = new EtcdMembers(payloadBytes);
        try
        {
            var ports = FreePorts.Choose(2 * Members);
            for (var index = 0; index < Members; index++)
            {
                await etcd.StartMemberAsync(directory, ports, index, cancellation);
            }

            await etcd.LeaderAsync(cancellation);
            return etcd;
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
    }

    public async Task<ILoad> ConnectAsync(int concurrency, CancellationToken cancellation) => new EtcdPutLoad(await LeaderAsync(cancellation), _payloadBytes);

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        foreach (var shell in _shells)
        {
            shell.StandardInput.Close();
            await shell.WaitForExitAsync();
            shell.Dispose();
        }
    }

    private async Task StartMemberAsync(string directory, int[] ports, int index, CancellationToken cancellation)
    {
        var client = $"http://127.0.0.1:{ports[index]}";
        var peer = $"http://127.0.0.1:{ports[Members + index]}";
        var peers = string.Join(',', Enumerable.Range(0, Members).Select(i => $"m{i}=http://127.0.0.1:{ports[Members + i]}"));
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-c", Watch, "etcd",
                "--name", $"m{index}", "--data-dir", Path.Combine(directory, $"etcd-{index}"), "--log-level", "error",
                "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", peers, "--initial-cluster-state", "new", "--initial-cluster-token", "bench",
            },
        };
        start.Environment["LOG"] = Path.Combine(directory, $"etcd-{index}.log");
        var shell = Process.Start(start) ?? throw new InvalidOperationException("The shell of an etcd member did not start.");
        _shells.Add(shell);
        _members.Add(int.Parse((await shell.StandardOutput.ReadLineAsync(cancellation))!, CultureInfo.InvariantCulture));
        _channels.Add(GrpcChannel.ForAddress(client, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
        }));
    }

    private async Task<GrpcChannel> LeaderAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(StartPatience);
        while (true)
        {
            foreach (var channel in _channels)
            {
                if (await LeadsAsync(channel, patience.Token))
                {
                    return channel;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    private static async Task<bool> LeadsAsync(GrpcChannel channel, CancellationToken cancellation)
    {
        try
        {
            var status = await new Maintenance.MaintenanceClient(channel).StatusAsync(
                new StatusRequest(), deadline: DateTime.UtcNow.AddSeconds(2), cancellationToken: cancellation);
            return status.Leader != 0 && status.Leader == status.Header.MemberId;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }
}
