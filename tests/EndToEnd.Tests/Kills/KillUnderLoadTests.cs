using System.Diagnostics;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;
using ControlPlane.Verification;
using ControlPlane.Verification.Histories;

namespace ControlPlane.EndToEnd.Tests.Kills;

/// <summary>kill -9, again and again, on one data directory, while clients work: of the whole plane, and of its parts.</summary>
public sealed class KillUnderLoadTests(TestRun run) : IAsyncDisposable
{
    private const int Clients = 4;
    private const int SnapshotEvery = 16;

    private readonly ITestOutputHelper _output = TestContext.Current.TestOutputHelper!;
    private readonly LeaseHistory _history = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<TimeSpan> _starts = [];
    private PlaneProcess _plane = null!;
    private int _answered;
    private int _staleRefusals;

    private TimeSpan AverageStart => TimeSpan.FromMilliseconds(_starts.Average(start => start.TotalMilliseconds));

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public Task Whenever_the_process_is_killed_it_knows_every_lease_when_it_is_back()
    {
        _plane = new PlaneProcess(run.NewDirectory("kills"));
        return KillAgainAndAgainAsync(new KillPlan(apart: false));
    }

    [Fact]
    public Task Whenever_node_or_worker_or_both_are_killed_every_lease_is_known_when_they_are_back()
    {
        _plane = new PlaneProcess(run.NewDirectory("kills-apart")) { Apart = true };
        return KillAgainAndAgainAsync(new KillPlan(apart: true));
    }

    private async Task KillAgainAndAgainAsync(KillPlan plan)
    {
        _output.WriteLine($"{plan.Kills} kills, seed {plan.Seed}");
        var clients = Enumerable.Range(0, Clients).Select(number => new LoadClient(plan.ForClient(number))).ToList();
        _starts.Add(await _plane.StartAsync());
        using (var client = _plane.NewClient())
        {
            await _plane.DeployAsync(client, warm: 2);
        }

        var began = _clock.Elapsed;
        for (var kill = 1; kill <= plan.Kills; kill++)
        {
            try
            {
                await KillOnceAsync(clients, plan.Next(), snapshot: kill % SnapshotEvery == 0);
            }
            catch
            {
                await TellStateAsync(kill);
                throw;
            }
        }

        var lasted = _clock.Elapsed - began;
        using var last = Connect();
        await Task.WhenAll(clients.Select(client => client.ReleaseAllAsync(last)));
        Assert.Empty(await last.ListAsync());
        Assert.Empty(LeaseVerification.Check(_history));
        Assert.True(_staleRefusals > plan.Kills / 4, $"stale tokens were shown to the gate after {_staleRefusals} of {plan.Kills} restarts only");
        _output.WriteLine(
            $"{_history.Count} calls, {_history.Of<LeaseOperation>().Count(call => call.Outcome == OperationOutcome.Unknown)} of unknown outcome, {_staleRefusals} stale tokens refused; "
            + $"{lasted.TotalMilliseconds / plan.Kills:0} ms a cycle, {AverageStart.TotalMilliseconds:0} ms a start");
    }

    private async Task KillOnceAsync(IReadOnlyList<LoadClient> clients, KillPlan.Moment moment, bool snapshot)
    {
        if (moment.WhileStarting)
        {
            await _plane.KillAsync(moment.Victim);
            await _plane.LaunchAsync();
            await Task.Delay(moment.ShareOfStart * AverageStart, CancellationToken.None); // The moment itself is what is wanted here.
            await _plane.KillAsync(moment.Victim);
        }
        else
        {
            using var plane = Connect();
            var working = await LoadUntilKilledAsync(plane, clients, moment, snapshot);

            // Back first: where only the worker was killed, the node lets the clients wait for it.
            _starts.Add(await _plane.StartAsync());
            await working;
            await AuditAsync(clients);
            return;
        }

        _starts.Add(await _plane.StartAsync());
        await AuditAsync(clients);
    }

    /// <summary>Returns the clients' last calls, which end when there is an answer or nobody to give one.</summary>
    private async Task<Task> LoadUntilKilledAsync(RecordingClient plane, IReadOnlyList<LoadClient> clients, KillPlan.Moment moment, bool snapshot)
    {
        using var stop = new CancellationTokenSource();
        var enough = Volatile.Read(ref _answered) + moment.Operations;
        var working = clients.Select(client => Task.Run(() => client.RunAsync(plane, stop.Token))).ToList();
        if (snapshot)
        {
            await plane.Operator.TakeSnapshotAsync(new TakeSnapshotRequest(), RecordingClient.Patience());
        }

        await Eventually.HoldsAsync(
            () => Volatile.Read(ref _answered) >= enough || working.All(work => work.IsCompleted), () => $"the clients get {moment.Operations} answers");
        Assert.False(_plane.Process.HasExited, $"the plane ended by itself:\n{_plane.Said}");
        SpinFor(moment.ShortlyAfter);
        await _plane.KillAsync(moment.Victim);
        await stop.CancelAsync();
        return Task.WhenAll(working);
    }

    private async Task AuditAsync(IReadOnlyList<LoadClient> clients)
    {
        using var plane = Connect();
        var audit = new RestartAudit(plane, _history);
        var kept = clients.SelectMany(client => client.Kept).ToList();
        await audit.LeasesAreThereAsync(kept);
        if (kept.Count > 0)
        {
            await audit.RetryGetsTheSameLeaseAsync(kept[^1]);
        }

        foreach (var client in clients)
        {
            await client.ResolveAsync(plane);
        }

        _staleRefusals += await audit.StaleTokenIsRefusedAsync([.. clients.SelectMany(client => client.Kept)]) ? 1 : 0;
        await audit.StateEqualsAReplayAsync();
        Assert.Empty(LeaseVerification.Check(_history));
    }

    /// <summary>For whoever must find out why: what the process said and knows.</summary>
    private async Task TellStateAsync(int kill)
    {
        _output.WriteLine($"at kill {kill}; the process said:\n{_plane.Said}");
        if (!_plane.Process.HasExited)
        {
            using var plane = Connect();
            _output.WriteLine($"{await plane.Operator.GetStatusAsync(new GetStatusRequest(), RecordingClient.Patience())}");
            _output.WriteLine($"{await plane.Operator.ListWorkersAsync(new ListWorkersRequest(), RecordingClient.Patience())}");
            _output.WriteLine($"{await plane.Operator.ListFunctionsAsync(new ListFunctionsRequest(), RecordingClient.Patience())}");
            await TellChangesAsync(plane);
        }
    }

    /// <summary>What the journal says about the ends of sandboxes, which are never part of the plan.</summary>
    private async Task TellChangesAsync(RecordingClient plane)
    {
        var committed = (await plane.Operator.GetStatusAsync(new GetStatusRequest(), RecordingClient.Patience())).Committed;
        using var watch = plane.Allocator.Watch(new WatchRequest { FromPosition = 1 }, RecordingClient.Patience());
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
        {
            foreach (var change in watch.ResponseStream.Current.Changes.Where(change => change.Kind is >= Change.Types.Kind.SandboxRetired and <= Change.Types.Kind.WorkerLost))
            {
                _output.WriteLine($"{change}");
            }

            if (watch.ResponseStream.Current.Position >= committed)
            {
                return;
            }
        }
    }

    private RecordingClient Connect() => new(_plane.Address, _history, _clock) { Answered = () => Interlocked.Increment(ref _answered) };

    private static void SpinFor(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            Thread.SpinWait(20);
        }
    }
}
