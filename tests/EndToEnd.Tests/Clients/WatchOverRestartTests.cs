using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>A client that was connected before a kill -9 goes on after it.</summary>
public sealed class WatchOverRestartTests(TestRun run) : IAsyncDisposable
{
    private readonly PlaneProcess _plane = new(run.NewDirectory("watch"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public async Task A_watch_misses_nothing_and_repeats_nothing_over_a_restart()
    {
        await _plane.StartAsync();
        using var client = _plane.NewClient();
        await _plane.DeployAsync(client);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var covered = new List<(ulong From, ulong To)>();
        var granted = new List<ulong>();
        var watching = Task.Run(() => WatchAsync(client, covered, granted, enough.Token), Cancellation);

        var before = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        await _plane.KillAsync();
        await _plane.StartAsync();
        var after = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        Assert.NotEqual(before.Sandbox, after.Sandbox);
        await before.InvokeAsync("still held"u8.ToArray(), cancellation: Cancellation);

        await Eventually.HoldsAsync(() => { lock (covered) { return granted.Contains(after.Id.Position.Value); } }, () => "the watch goes on behind the restart");
        await enough.CancelAsync();
        await watching;
        Assert.Equal([before.Id.Position.Value, after.Id.Position.Value], granted);
        Assert.All(covered.Zip(covered.Skip(1)), pair => Assert.True(pair.First.To < pair.Second.From, $"{pair.First} and {pair.Second} overlap"));
    }

    private static async Task WatchAsync(ControlPlaneClient client, List<(ulong From, ulong To)> covered, List<ulong> granted, CancellationToken enough)
    {
        try
        {
            await foreach (var response in client.WatchAsync(fromPosition: 1, cancellation: enough))
            {
                lock (covered)
                {
                    covered.Add((response.Changes.FirstOrDefault()?.Position ?? response.Position, response.Position));
                    granted.AddRange(response.Changes.Where(change => change.Kind == Protocol.V1.Change.Types.Kind.LeaseGranted).Select(change => change.Position));
                }
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // That is how a watch ends.
        }
    }
}
