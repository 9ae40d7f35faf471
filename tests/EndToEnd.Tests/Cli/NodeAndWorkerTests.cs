using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>Node and worker as processes of their own, and the commands that operators and users of journals run against them.</summary>
public sealed class NodeAndWorkerTests(NodeAndWorkerTests.Plane running) : IClassFixture<NodeAndWorkerTests.Plane>
{
    private const string Journal = "orders";

    [Fact]
    public async Task A_journal_of_ones_own_is_appended_to_read_fenced_and_followed()
    {
        var appended = (await RunAsync("journal", "append", Journal, "one", "two", "--expected-tail", "1", "--json")).Ended(0).Json;
        Assert.Equal((1, 2), (appended.GetProperty("first").GetInt32(), appended.GetProperty("last").GetInt32()));
        var late = (await RunAsync("journal", "append", Journal, "late", "--expected-tail", "1", "--json")).Ended(1).ErrorJson;
        Assert.Equal(("TAIL_MISMATCH", "3"), (late.GetProperty("reason").GetString(), late.GetProperty("metadata").GetProperty("tail").GetString()));

        Assert.Equal(2, (await RunAsync("journal", "fence", Journal, "2", "--expected-old", "0", "--json")).Ended(0).Json.GetProperty("token").GetInt32());
        Assert.Equal("FENCED", (await RunAsync("journal", "fence", Journal, "2", "--json")).Ended(1).ErrorJson.GetProperty("reason").GetString());
        Assert.Equal("FENCED", (await RunAsync("journal", "append", Journal, "old", "--json")).Ended(1).ErrorJson.GetProperty("reason").GetString());
        (await RunAsync("journal", "append", Journal, "three", "--fencing-token", "2")).Ended(0);

        var read = (await RunAsync("journal", "read", Journal, "--json")).Ended(0).JsonLines;
        Assert.Equal(["one", "two", "three"], read.Where(entry => entry.GetProperty("type").GetString() == "user").Select(entry => entry.GetProperty("text").GetString()));
        var tail = (await RunAsync("journal", "check-tail", Journal, "--json")).Ended(0).Json;
        Assert.Equal((5, 2), (tail.GetProperty("tail").GetInt32(), tail.GetProperty("fence").GetInt32()));
        var status = (await RunAsync("journal", "status", Journal, "--json")).Ended(0).Json;
        Assert.Equal((Journal, 5), (status.GetProperty("name").GetString(), status.GetProperty("tail").GetInt32()));

        await using var follower = CapturedProcess.Start(Cpctl.CommandLine("journal", "tail", Journal, "--from", "1", "--address", running.Process.Address));
        await Eventually.HoldsAsync(() => follower.Said.Contains("three", StringComparison.Ordinal), () => $"the tail shows what is there; it said {follower.Said}");
        (await RunAsync("journal", "append", Journal, "four", "--fencing-token", "2")).Ended(0);
        await Eventually.HoldsAsync(() => follower.Said.Contains("four", StringComparison.Ordinal), () => $"the tail shows what comes; it said {follower.Said}");

        var unknown = (await RunAsync("journal", "read", "nobody", "--json")).Ended(1).ErrorJson;
        Assert.Equal("UNKNOWN_JOURNAL", unknown.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_tenant_gets_no_more_than_its_limit()
    {
        const string Tenant = "limited";
        (await RunAsync("tenant", "limit", Tenant, "1")).Ended(0);
        string[] allocate = ["allocate", EchoFunction.Name, "--tenant", Tenant, "--max-wait", "30s", "--json"];
        var lease = (await RunAsync(allocate)).Ended(0).Json.GetProperty("leases")[0].GetProperty("lease").GetString()!;

        var refused = (await RunAsync(["allocate", EchoFunction.Name, "--tenant", Tenant, "--json"])).Ended(1).ErrorJson;

        Assert.Equal("TENANT_LIMIT", refused.GetProperty("reason").GetString());
        var shown = (await RunAsync("tenant", "show", Tenant, "--json")).Ended(0).Json;
        Assert.Equal((1, 1), (shown.GetProperty("leaseLimit").GetInt32(), shown.GetProperty("inUse").GetInt32()));
        (await RunAsync("release", lease, "--tenant", Tenant)).Ended(0);
    }

    [Fact]
    public async Task Settings_are_shown_and_changed_one_by_one()
    {
        var before = (await RunAsync("settings", "show", "--json")).Ended(0).Json;
        var changed = (await RunAsync("settings", "set", "--request-retention", "1h", "--json")).Ended(0).Json;

        Assert.Equal(3_600_000, changed.GetProperty("requestRetentionMs").GetInt64());
        Assert.Equal(before.GetProperty("driftPermille").GetInt32(), changed.GetProperty("driftPermille").GetInt32());
        Assert.Equal(changed.ToString(), (await RunAsync("settings", "show", "--json")).Ended(0).Json.ToString());
        (await RunAsync("settings", "set", "--drift-permille", "201")).Ended(1);
    }

    [Fact]
    public async Task A_snapshot_is_taken_and_shown()
    {
        var taken = (await RunAsync("snapshot", "--json")).Ended(0).Json.GetProperty("position").GetInt64();
        Assert.Equal(taken, (await RunAsync("status", "--json")).Ended(0).Json.GetProperty("snapshot").GetInt64());
        Assert.StartsWith("cpctl ", (await RunAsync("version")).Ended(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drained_worker_is_empty_until_it_is_put_back()
    {
        (await RunAsync("worker", "drain", "worker-1", "--deadline", "0s")).Ended(0);
        try
        {
            Assert.Equal("draining", await WorkerStateAsync());
            Assert.Equal("none", (await RunAsync("explain", EchoFunction.Name, "--json")).Ended(0).Json.GetProperty("verdict").GetString());
        }
        finally
        {
            (await RunAsync("worker", "uncordon", "worker-1")).Ended(0);
        }

        Assert.Equal("ready", await WorkerStateAsync());
        (await RunAsync("invoke", EchoFunction.Name, "--max-wait", "30s", "--payload", "back")).Ended(0);
        Assert.Equal("UNKNOWN_WORKER", (await RunAsync("worker", "drain", "nobody", "--json")).Ended(1).ErrorJson.GetProperty("reason").GetString());
    }

    private async Task<string?> WorkerStateAsync() =>
        Assert.Single((await RunAsync("worker", "list", "--json")).Ended(0).Json.GetProperty("workers").EnumerateArray()).GetProperty("state").GetString();

    private Task<CommandResult> RunAsync(params string[] arguments) => Cpctl.RunAsync(running.Process.Address, arguments);

    /// <summary>A node with a journal for general use, and a worker.</summary>
    public sealed class Plane(TestRun run) : IAsyncLifetime
    {
        internal PlaneProcess Process { get; } = new(run.NewDirectory("apart")) { Apart = true, Journals = [Journal] };

        public async ValueTask InitializeAsync()
        {
            await Process.StartAsync();
            using var client = Process.NewClient();
            await Process.DeployAsync(client);

            // A lease proves that the worker is there.
            await using var lease = await client.AllocateAsync(EchoFunction.Lease());
        }

        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
