using System.Net;
using System.Net.Sockets;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

public sealed class RetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_allocation_whose_answer_was_lost_is_asked_again_with_the_same_ids()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.LostAsync, Answers.LostAsync, Answers.Granted());
        using var client = plane.Client();

        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        var sent = plane.ReceivedOf<AllocateRequest>();
        Assert.Equal(3, sent.Count);
        Assert.All(sent, request => Assert.Equal(sent[0], request));
        Assert.Equal(16, sent[0].RequestId.Length);
        Assert.Equal("L0-10", lease.Id.ToString());
        Assert.Equal("3.10", lease.Fence.ToString());
    }

    [Fact]
    public async Task A_plane_that_is_away_for_a_while_is_asked_until_it_answers()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        var away = Answers.Refused(StatusCode.Unavailable, "OUTCOME_UNKNOWN");
        plane.Script(away, away, away, away, away, Answers.Granted());
        using var client = plane.Client();

        await client.AllocateAsync(new Allocation("echo"), Cancellation);

        Assert.Single(plane.ReceivedOf<AllocateRequest>().Select(r => r.RequestId).Distinct());
    }

    [Fact]
    public async Task A_plane_that_never_answers_is_given_up_at_the_deadline_and_the_outcome_is_unknown()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.SilenceAsync);
        using var client = plane.Client(deadline: TimeSpan.FromSeconds(2));

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(CallOutcome.Unknown, failure.Outcome);
        Assert.Equal(StatusCode.DeadlineExceeded, failure.Code);
        Assert.Equal(plane.ReceivedOf<AllocateRequest>().Single().RequestId.ToByteArray(), failure.RequestId!.Value.ToByteArray());
    }

    [Fact]
    public async Task Max_wait_comes_on_top_of_the_deadline()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        DateTime until = default;
        plane.Answer = (request, context) =>
        {
            until = context.Deadline;
            return Answers.Granted()(request, context);
        };
        using var client = plane.Client(deadline: TimeSpan.FromSeconds(60));
        var before = DateTime.UtcNow;

        await client.AllocateAsync(new Allocation("echo") { MaxWait = TimeSpan.FromSeconds(120) }, Cancellation);

        Assert.InRange(until - before, TimeSpan.FromSeconds(150), TimeSpan.FromSeconds(240));
    }

    [Fact]
    public async Task The_leader_that_a_node_names_is_asked_next_and_from_then_on()
    {
        await using var leader = await ScriptedPlane.StartAsync();
        await using var follower = await ScriptedPlane.StartAsync();
        leader.Script(Answers.Granted());
        follower.Script(Answers.Refused(StatusCode.Unavailable, "NOT_LEADER", ("leader", leader.Address)));
        using var client = follower.Client();

        await client.AllocateAsync(new Allocation("echo"), Cancellation);
        await client.AllocateAsync(new Allocation("echo"), Cancellation);

        Assert.Single(follower.ReceivedOf<AllocateRequest>());
        Assert.Equal(2, leader.ReceivedOf<AllocateRequest>().Count);
        Assert.Equal(follower.ReceivedOf<AllocateRequest>()[0], leader.ReceivedOf<AllocateRequest>()[0]);
    }

    [Fact]
    public async Task A_node_that_nobody_listens_on_is_left_for_the_next_one()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted());
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [NobodyListens(), plane.Address] });

        await client.AllocateAsync(new Allocation("echo"), Cancellation);

        Assert.Single(plane.ReceivedOf<AllocateRequest>());
    }

    [Fact]
    public async Task A_call_that_reached_nobody_was_surely_not_applied()
    {
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [NobodyListens()], Deadline = TimeSpan.FromMinutes(5), Retry = new RetryPolicy { AttemptsMax = 3 } });

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(CallOutcome.Unreachable, failure.Outcome);
    }

    [Fact]
    public async Task A_refusal_for_good_is_not_asked_again()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Refused(StatusCode.ResourceExhausted, "TENANT_LIMIT", ("current", "5"), ("max", "5")));
        using var client = plane.Client();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Single(plane.Received);
        Assert.Equal(CallOutcome.Refused, failure.Outcome);
        Assert.Equal(ErrorReason.TenantLimit, failure.Reason);
    }

    [Fact]
    public async Task A_refusal_that_remembers_earlier_attempts_settles_a_lost_answer()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.LostAsync, Answers.Refused(StatusCode.ResourceExhausted, "NO_WARM"));
        using var client = plane.Client();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(CallOutcome.Refused, failure.Outcome);
    }

    [Fact]
    public async Task An_overloaded_plane_does_not_settle_an_earlier_lost_answer()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.LostAsync, Answers.Refused(StatusCode.ResourceExhausted, "OVERLOADED"));
        using var client = plane.Client();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(ErrorReason.Overloaded, failure.Reason);
        Assert.Equal(CallOutcome.Unknown, failure.Outcome);
    }

    [Fact]
    public async Task A_cancelled_caller_stops_asking()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        plane.Answer = async (request, context) =>
        {
            await caller.CancelAsync();
            return await Answers.SilenceAsync(request, context);
        };
        using var client = plane.Client();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.AllocateAsync(new Allocation("echo"), caller.Token));

        Assert.Single(plane.Received);
    }

    /// <summary>A port that was free a moment ago.</summary>
    private static string NobodyListens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}
