using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>The life of a lease by nothing but command lines, as a script would do it.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class LeaseByCliTests(RunningPlane running)
{
    [Fact]
    public async Task A_lease_is_allocated_used_through_the_gate_renewed_and_released()
    {
        var allocated = (await RunAsync("allocate", EchoFunction.Name, "--ttl", "5m", "--max-wait", "30s", "--json")).Ended(0).Json;
        var lease = allocated.GetProperty("leases")[0].GetProperty("lease").GetString()!;
        var request = allocated.GetProperty("requestId").GetString()!;

        var invoked = (await RunAsync("invoke", "--lease", lease, "--payload", "hello", "--json")).Ended(0).Json;
        Assert.Equal("hello", invoked.GetProperty("text").GetString()!.TrimEnd('\n'));

        var renewed = (await RunAsync("renew", lease, "--ttl", "10m", "--json")).Ended(0).Json.GetProperty("leases")[0];
        Assert.Equal(("renewed", 600_000), (renewed.GetProperty("result").GetString(), renewed.GetProperty("ttlMs").GetInt64()));

        var found = (await RunAsync("lookup", request, "--json")).Ended(0).Json;
        Assert.Equal(("held", lease), (found.GetProperty("state").GetString(), found.GetProperty("leases")[0].GetProperty("lease").GetString()));

        var released = (await RunAsync("release", lease, "--json")).Ended(0).Json.GetProperty("leases")[0];
        Assert.Equal("released", released.GetProperty("result").GetString());

        var late = (await RunAsync("renew", lease, "--json")).Ended(1).Json.GetProperty("leases")[0];
        Assert.Equal("LEASE_ENDED", late.GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task The_same_request_id_gets_the_same_lease()
    {
        const string Request = "00112233445566778899aabbccddee01";
        string[] command = ["allocate", EchoFunction.Name, "--max-wait", "30s", "--request-id", Request, "--json"];
        var first = (await RunAsync(command)).Ended(0).Json.GetProperty("leases")[0];
        var again = (await RunAsync(command)).Ended(0).Json.GetProperty("leases")[0];

        Assert.Equal(first.GetProperty("lease").GetString(), again.GetProperty("lease").GetString());
        Assert.Equal((false, true), (first.GetProperty("replayed").GetBoolean(), again.GetProperty("replayed").GetBoolean()));
        Assert.Equal(1, (await RunAsync("cancel", Request, "--json")).Ended(0).Json.GetProperty("ended").GetInt32());
    }

    [Fact]
    public async Task An_invocation_leases_runs_and_releases_and_prints_the_answer_alone()
    {
        var invoked = (await RunAsync("invoke", EchoFunction.Name, "--max-wait", "30s", "--payload", "Grüße")).Ended(0);
        Assert.Equal("Grüße", invoked.Output.TrimEnd('\n'));
        Assert.Empty((await RunAsync("lease", "list", "--tenant", "default", "--json")).Ended(0).Json.GetProperty("leases").EnumerateArray());
    }

    [Fact]
    public async Task Explain_says_what_an_allocation_would_do_and_does_nothing()
    {
        var before = (await RunAsync("status", "--json")).Ended(0).Json.GetProperty("leases").GetInt64();
        var explained = (await RunAsync("explain", EchoFunction.Name, "--json")).Ended(0).Json;
        Assert.Contains(explained.GetProperty("verdict").GetString(), (string[])["warm", "cold"]);
        Assert.Equal(before, (await RunAsync("status", "--json")).Ended(0).Json.GetProperty("leases").GetInt64());
    }

    [Fact]
    public async Task A_watch_shows_every_position_up_to_where_it_ends()
    {
        var lease = (await RunAsync("allocate", EchoFunction.Name, "--max-wait", "30s", "--json")).Ended(0).Json.GetProperty("leases")[0];
        await RunAsync("release", lease.GetProperty("lease").GetString()!);
        var committed = (await RunAsync("status", "--json")).Ended(0).Json.GetProperty("committed").GetInt64();

        var watched = (await RunAsync("watch", "--from", "1", "--until", $"{committed}", "--json")).Ended(0).JsonLines;

        var positions = watched.Select(change => change.GetProperty("position").GetInt64()).Distinct().ToList();
        Assert.Equal(Enumerable.Range((int)positions[0], (int)(committed - positions[0] + 1)).Select(position => (long)position), positions);
        Assert.True(positions[0] <= 2, "only the journal's own first entry is no change of the plane");
        var kinds = watched.Where(change => change.TryGetProperty("lease", out var id) && id.GetString() == lease.GetProperty("id").GetString())
            .Select(change => change.GetProperty("kind").GetString());
        Assert.Equal(["leaseGranted", "leaseReleased"], kinds);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => Cpctl.RunAsync(running.Address, arguments);
}
