using System.Collections.Concurrent;
using System.Text;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>Journals without a worker manager: three processes of <c>cpctl journal serve</c>, whose writer dies again and again under load.</summary>
public sealed class JournalClusterTests(TestRun run) : IAsyncLifetime
{
    private const string Journal = "jobs";
    private const int Callers = 4;
    private const int Streamers = 16;
    private const int Kills = 3;

    private readonly ClusterProcess _cluster = new(run.NewDirectory("journals")) { JournalsOnly = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Every_acknowledged_append_is_there_once_and_in_order_whoever_dies()
    {
        using var client = NewClient();
        await SettleAsync(client);
        using var enough = new CancellationTokenSource();
        var seen = new ConcurrentQueue<JournalEntry>();
        var tailing = TailAsync(client, seen, enough.Token);
        var acknowledged = new ConcurrentDictionary<string, ulong>();
        await using var appender = client.Journal(Journal).OpenAppender();
        var appending = Enumerable.Range(0, Callers).Select(caller => CallAsync(caller, acknowledged, enough.Token))
            .Concat(Enumerable.Range(Callers, Streamers).Select(streamer => AppendAsync(streamer, entries => appender.AppendAsync(entries, cancellation: Cancellation), acknowledged, enough.Token)))
            .ToList();

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Count > before + 50), () => $"appends are answered; the nodes said:\n{_cluster.Said}");
            var writer = await SettleAsync(client);
            await _cluster.KillAsync(writer);
            var dead = acknowledged.Count;
            await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Count > dead + 50), () => $"appends go on without the writer; the nodes said:\n{_cluster.Said}");
            await _cluster.LaunchAsync(writer);
        }

        await SettleAsync(client);
        await enough.CancelAsync();
        var attempted = (await Task.WhenAll(appending)).Sum();
        var entries = await ReadAllAsync(client);
        var positions = entries.GroupBy(TextOf).ToDictionary(text => text.Key, text => text.Select(entry => entry.Position).ToList());
        Assert.All(positions, one => Assert.Single(one.Value));
        Assert.All(acknowledged, one => Assert.Equal(one.Value, Assert.Single(positions[one.Key])));
        Assert.InRange(entries.Count, acknowledged.Count, attempted);
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(position => (ulong)position), entries.Select(entry => entry.Position));

        // The one who followed saw exactly this, over every failover.
        await tailing;
        Assert.Equal(entries.Take(seen.Count).Select(entry => (entry.Position, TextOf(entry))), seen.Select(entry => (entry.Position, TextOf(entry))));
        Assert.True(seen.Count > acknowledged.Count / 2, $"{seen.Count} of {entries.Count} were followed");
    }

    [Fact]
    public async Task Conditions_hand_over_and_a_start_of_all_nodes_anew()
    {
        using var client = NewClient();
        var writer = await SettleAsync(client);
        var journal = client.Journal(Journal);
        Assert.Equal(1ul, (await journal.AppendAsync([Bytes("one")], new AppendOptions { ExpectedTail = 1 }, Cancellation)).Ok.First);
        Assert.Equal(2ul, (await journal.AppendAsync([Bytes("late")], new AppendOptions { ExpectedTail = 1 }, Cancellation)).TailMismatch.Tail);
        Assert.True((await journal.FenceAsync(7, 0, Cancellation)).Raised);
        Assert.Equal(7ul, (await journal.AppendAsync([Bytes("unfenced")], cancellation: Cancellation)).Fenced.Token);

        // Planned: the writer changes, and the fence and the conditions hold with the next one.
        var address = string.Join(',', _cluster.Addresses);
        (await Cpctl.RunAsync(address, "handover", "--journal", Journal)).Ended(0);
        Assert.NotEqual(writer, await SettleAsync(client));
        Assert.Equal(7ul, (await journal.AppendAsync([Bytes("unfenced")], cancellation: Cancellation)).Fenced.Token);
        Assert.NotNull((await journal.AppendAsync([Bytes("two")], new AppendOptions { FencingToken = 7 }, Cancellation)).Ok);

        // What is not there is said.
        var status = (await Cpctl.RunAsync(_cluster.AddressOf(0), "status", "--json")).Ended(1);
        Assert.Equal("UNSUPPORTED", status.ErrorJson.GetProperty("reason").GetString());
        Assert.Contains("cpctl journal status", status.ErrorJson.GetProperty("message").GetString(), StringComparison.Ordinal);

        for (var node = 0; node < ClusterProcess.Nodes; node++)
        {
            await _cluster.KillAsync(node);
        }

        for (var node = 0; node < ClusterProcess.Nodes; node++)
        {
            await _cluster.LaunchAsync(node);
        }

        await SettleAsync(client);
        Assert.Equal(["one", "two"], (await ReadAllAsync(client)).Where(entry => entry.Type == JournalEntry.Types.Type.User).Select(TextOf));
        Assert.Equal(7ul, (await journal.CheckTailAsync(Cancellation)).Fence);
    }

    private ControlPlaneClient NewClient() => new(new ControlPlaneClientOptions
    {
        Addresses = _cluster.Addresses,
        Deadline = TimeSpan.FromSeconds(30),
        ReconnectWithin = TimeSpan.FromSeconds(60),
    });

    /// <summary>Waits until all nodes that run keep the journal; the writer.</summary>
    private async Task<int> SettleAsync(ControlPlaneClient client)
    {
        var status = new JournalStatusResponse();
        await Eventually.HoldsAsync(
            async () =>
            {
                status = await client.Journal(Journal).StatusAsync(Cancellation);
                return status.Replicas.Count(replica => replica.Standing == "following" && replica.IsWhole) == _cluster.Running.Count() - 1;
            },
            () => $"all that run follow; the writer tells:\n{status}\nand they said:\n{_cluster.Said}");
        return Enumerable.Range(0, ClusterProcess.Nodes).Single(node => ClusterProcess.NameOf(node) == status.Replicas[0].Node);
    }

    private async Task<int> CallAsync(int caller, ConcurrentDictionary<string, ulong> acknowledged, CancellationToken enough)
    {
        using var client = NewClient();
        var journal = client.Journal(Journal);
        return await AppendAsync(caller, entries => journal.AppendAsync(entries, cancellation: Cancellation), acknowledged, enough);
    }

    /// <summary>Appends one after another, each until its outcome is known; how many were tried.</summary>
    private static async Task<int> AppendAsync(
        int appender, Func<ReadOnlyMemory<byte>[], Task<AppendResponse>> append, ConcurrentDictionary<string, ulong> acknowledged, CancellationToken enough)
    {
        var tried = 0;
        while (!enough.IsCancellationRequested)
        {
            var text = $"{appender}-{tried++}";
            var answer = await append([Bytes(text)]);
            acknowledged[text] = answer.Ok.First;
        }

        return tried;
    }

    private static async Task TailAsync(ControlPlaneClient client, ConcurrentQueue<JournalEntry> seen, CancellationToken enough)
    {
        try
        {
            await foreach (var response in client.Journal(Journal).TailAsync(1, enough))
            {
                foreach (var entry in response.Entries)
                {
                    seen.Enqueue(entry);
                }
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // That is how a tail ends.
        }
    }

    private static async Task<List<JournalEntry>> ReadAllAsync(ControlPlaneClient client)
    {
        var entries = new List<JournalEntry>();
        var tail = (await client.Journal(Journal).CheckTailAsync(Cancellation)).Tail;
        for (var next = 1ul; next < tail;)
        {
            var page = await client.Journal(Journal).ReadAsync(next, cancellation: Cancellation);
            entries.AddRange(page.Entries);
            next = page.Next;
        }

        return entries;
    }

    private static string TextOf(JournalEntry entry) => entry.Payload.ToStringUtf8();

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
