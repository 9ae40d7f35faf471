using System.Globalization;
using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using ControlPlane.Scenarios;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Load;

/// <summary>All clients of a run, through whatever happens to the plane, and what is added to them by faults of load.</summary>
internal sealed class ChaosLoad(ChaosCluster cluster, Scenario scenario, RunRecorder recorder) : IAsyncDisposable
{
    /// <summary>The tenant that floods; its lease limit is half of all slots.</summary>
    public const string Flooder = "flood";

    private static readonly TimeSpan ListInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFlooding = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly List<ControlPlaneClient> _connections = [];
    private readonly SemaphoreSlim _due = new(0);
    private readonly List<Task> _running = [];
    private ControlPlaneClient? _lister;
    private int _lastClient;
    private double _factor = 1;

    public static string FunctionName(int index) => string.Create(CultureInfo.InvariantCulture, $"echo-{index + 1}");

    /// <summary>Makes the functions allocatable.</summary>
    /// <param name="code">Where their program lies.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeployAsync(string code, CancellationToken cancellation)
    {
        using var client = cluster.NewClient("operator", TimeSpan.FromSeconds(30));
        for (var i = 0; i < scenario.Workload.Functions; i++)
        {
            await client.Operator.DeployFunctionAsync(
                new DeployFunctionRequest { Function = new FunctionSpec { Name = FunctionName(i), Command = { "./bootstrap" }, CodePath = code, MemoryMib = 64, TimeoutMs = 10_000 } }, cancellation);
        }

        if (scenario.Faults.Any(fault => fault.Kind == FaultKind.TenantFlood))
        {
            await client.Operator.SetTenantLimitAsync(Flooder, (uint)Math.Max(1, scenario.Cluster.Workers * scenario.Cluster.Slots / 2 / scenario.Cluster.Partitions), cancellation);
        }
    }

    public void Start()
    {
        for (var i = 0; i < scenario.Workload.Clients; i++)
        {
            _running.Add(RunClientAsync(NewClient(TenantOf(i)), scenario.Workload.Loop == LoopKind.Open, _stop.Token));
        }

        _running.Add(ListAgainAndAgainAsync());
        if (scenario.Workload.Loop == LoopKind.Open)
        {
            _running.Add(PaceAsync());
        }
    }

    /// <summary>So many times the usual load, for a while.</summary>
    public async Task SpikeAsync(double factor, Func<Task> wait)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Volatile.Write(ref _factor, factor);
        var more = scenario.Workload.Loop == LoopKind.Closed ? (int)(scenario.Workload.Clients * (factor - 1)) : 0;
        var running = Enumerable.Range(0, more).Select(i => RunClientAsync(NewClient(TenantOf(i)), isPaced: false, over.Token)).ToList();
        await wait();
        Volatile.Write(ref _factor, 1);
        await over.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>One tenant asks as fast as it can, for a while.</summary>
    public async Task FloodAsync(int clients, Func<Task> wait)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var running = Enumerable.Range(0, clients).Select(_ => RunFlooderAsync(NewClient(Flooder), over.Token)).ToList();
        await wait();
        await over.CancelAsync();
        await Task.WhenAll(running);
    }

    /// <summary>Everything that is held now, as the plane says; part of the history.</summary>
    public async Task<bool> ListAsync(CancellationToken cancellation)
    {
        var client = _lister ??= cluster.NewClient("operator", scenario.Workload.Deadline);
        var call = new Operation { Kind = OperationKind.List, From = recorder.Clock.Now };
        var held = new List<LeaseRecord>();
        try
        {
            for (var partition = 0u; partition < cluster.Partitions; partition++)
            {
                ListLeasesResponse page;
                LeaseId? after = null;
                do
                {
                    page = await client.ListLeasesAsync(new ListLeasesRequest { Partition = partition, After = after, Limit = 1_000 }, cancellation);
                    held.AddRange(page.Leases.Select(ChaosClient.Granted));
                    after = page.Leases.Count > 0 ? page.Leases[^1].Id : after;
                }
                while (page.More);
            }

            recorder.Add(call with { To = recorder.Clock.Now, Outcome = OperationOutcome.Ok, Leases = held });
            return true;
        }
        catch (Exception failure) when (failure is ControlPlaneException or OperationCanceledException)
        {
            recorder.Add(call with { To = recorder.Clock.Now, Outcome = OperationOutcome.Unknown, Reason = failure.Message });
            return false;
        }
    }

    /// <summary>Lets the clients settle what is open and end; what is still open after <paramref name="patience"/> stays unknown.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await _stop.CancelAsync();
        _giveUp.CancelAfter(patience);
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _giveUp.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lister?.Dispose();
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private string TenantOf(int client) => string.Create(CultureInfo.InvariantCulture, $"tenant-{(client % scenario.Workload.Tenants) + 1}");

    private ChaosClient NewClient(string tenant)
    {
        lock (_connections)
        {
            var client = cluster.NewClient(tenant, scenario.Workload.Deadline);
            _connections.Add(client);
            return new ChaosClient(++_lastClient, tenant, client, scenario, recorder);
        }
    }

    private async Task RunClientAsync(ChaosClient client, bool isPaced, CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested && !recorder.IsFull)
        {
            if (isPaced)
            {
                await _due.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!stop.IsCancellationRequested)
            {
                await client.RoundAsync(stop, _giveUp.Token);
            }
        }
    }

    private async Task RunFlooderAsync(ChaosClient client, CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested && !recorder.IsFull)
        {
            await client.RoundAsync(stop, _giveUp.Token);
            await Task.Delay(AfterFlooding, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListAgainAndAgainAsync()
    {
        while (!_stop.IsCancellationRequested && !recorder.IsFull)
        {
            await Task.Delay(ListInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ListAsync(_stop.Token);
        }
    }

    /// <summary>Lets rounds begin at the rate, whatever becomes of the ones before; what no client is free for is not kept longer than a second.</summary>
    private async Task PaceAsync()
    {
        var started = recorder.Clock.Now;
        var begun = 0.0;
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(5, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var now = recorder.Clock.Now;
            begun += (now - started) / 1e6 * scenario.Workload.RatePerSecond * Volatile.Read(ref _factor);
            started = now;
            var whole = (int)begun;
            begun -= whole;
            if (whole > 0 && _due.CurrentCount < scenario.Workload.RatePerSecond)
            {
                _due.Release(whole);
            }
        }
    }
}
