using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Client.Tests;

public sealed class LeaseHandleTests
{
    private static readonly ReleaseResponse Released = new() { Items = { new ReleaseResponse.Types.Item { Released = new() } } };

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Time_is_counted_from_sending_the_request()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Answer = (request, context) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(7));
            return Answers.Granted(ttlMs: 20_000)(request, context);
        };
        using var client = plane.Client(clock: _clock);

        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        Assert.Equal(TimeSpan.FromSeconds(13), lease.TimeLeft);
    }

    [Fact]
    public async Task A_renewal_counts_from_sending_the_renewal()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted(ttlMs: 20_000), (_, _) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            var renewed = new RenewResponse.Types.Renewed { RenewSequence = 1, TtlMs = 30_000 };
            return Task.FromResult<object>(new RenewResponse { Items = { new RenewResponse.Types.Item { Renewed = renewed } } });
        });
        using var client = plane.Client(clock: _clock);
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(10));

        await lease.RenewAsync(TimeSpan.FromSeconds(30), Cancellation);

        Assert.Equal(TimeSpan.FromSeconds(29), lease.TimeLeft);
        Assert.Equal(lease.Reference, plane.ReceivedOf<RenewRequest>().Single().Items.Single().Lease);
    }

    [Fact]
    public async Task An_expired_lease_is_not_used()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted(plane.Address, ttlMs: 20_000));
        using var client = plane.Client(clock: _clock);
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(20));

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => lease.InvokeAsync(new byte[1], cancellation: Cancellation));

        Assert.Equal(ErrorReason.LeaseEnded, failure.Reason);
        Assert.Empty(plane.ReceivedOf<InvokeRequest>());
    }

    [Fact]
    public async Task An_invocation_shows_the_token_to_the_gate_that_the_lease_names()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        await using var gate = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted(gate.Address));
        gate.Answer = (request, _) => Task.FromResult<object>(new InvokeResponse { Payload = ((InvokeRequest)request).Payload });
        using var client = plane.Client();
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        byte[] payload = [0, 255, 10, 13, 0];
        var answer = await lease.InvokeAsync(payload, cancellation: Cancellation);

        Assert.Equal(payload, answer.Payload.ToByteArray());
        var shown = gate.ReceivedOf<InvokeRequest>().Single();
        Assert.Equal((lease.Lease.Sandbox, lease.Lease.Fence), (shown.Sandbox, shown.Fence));
    }

    [Fact]
    public async Task An_invocation_whose_answer_was_lost_is_not_delivered_twice()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        await using var gate = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted(gate.Address));
        gate.Script(Answers.LostAsync);
        using var client = plane.Client();
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => lease.InvokeAsync(new byte[1], cancellation: Cancellation));

        Assert.Equal(CallOutcome.Unknown, failure.Outcome);
        Assert.Single(gate.ReceivedOf<InvokeRequest>());
    }

    [Fact]
    public async Task Disposing_gives_the_lease_back_once()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted(), Answers.Is(Released));
        using var client = plane.Client();
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        await lease.DisposeAsync();
        await lease.DisposeAsync();

        Assert.Equal(lease.Reference, plane.ReceivedOf<ReleaseRequest>().Single().Leases.Single());
        Assert.Equal(TimeSpan.Zero, lease.TimeLeft);
    }

    [Fact]
    public async Task A_disposal_that_could_not_release_says_so_and_does_not_throw()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        var ended = new Refusal { Code = (int)StatusCode.FailedPrecondition, Reason = ErrorReason.LeaseEnded, Message = "expired" };
        plane.Script(Answers.Granted(), Answers.Is(new ReleaseResponse { Items = { new ReleaseResponse.Types.Item { Refused = ended } } }));
        using var client = plane.Client();
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        await lease.DisposeAsync();

        Assert.Equal(ErrorReason.LeaseEnded, lease.ReleaseFailure?.Reason);
    }

    [Fact]
    public async Task What_was_answered_is_acknowledged_with_the_next_request()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted());
        using var client = plane.Client();

        await client.AllocateAsync(new Allocation("echo"), Cancellation);
        await client.AllocateAsync(new Allocation("echo"), Cancellation);

        var sent = plane.ReceivedOf<AllocateRequest>();
        Assert.Equal([(1UL, 0UL), (2UL, 1UL)], sent.Select(r => (r.ClientSequence, r.ClientAcknowledged)));
        Assert.Equal(sent[0].ClientId, sent[1].ClientId);
    }

    [Fact]
    public async Task Everything_that_was_asked_for_is_sent()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Granted());
        using var client = plane.Client();
        var id = NewIdentifier.Request();
        var allocation = new Allocation("resize")
        {
            RequestId = id,
            Version = 4,
            Selectors = [new Dictionary<string, string> { ["gpu"] = "yes" }],
            Priority = 7,
            Zone = "b",
            MaxWait = TimeSpan.FromSeconds(2),
            ColdPolicy = ColdPolicy.Reserve,
            Ttl = TimeSpan.FromSeconds(90),
            ConfirmWithin = TimeSpan.FromSeconds(5),
            TraceParent = "00-a-b-01",
        };

        var leases = await client.AllocateManyAsync(allocation, 3, Cancellation);

        Assert.Equal(3, leases.Count);
        var expected = new AllocateRequest
        {
            RequestId = ByteString.CopyFrom(id.ToByteArray()),
            Tenant = "default",
            Function = "resize",
            FunctionVersion = 4,
            Count = 3,
            Priority = 7,
            Zone = "b",
            MaxWaitMs = 2_000,
            ColdPolicy = ColdPolicy.Reserve,
            TtlMs = 90_000,
            ConfirmWithinMs = 5_000,
            Durability = Durability.Journaled,
            Traceparent = "00-a-b-01",
            Selectors = { new Selector { MatchLabels = { ["gpu"] = "yes" } } },
        };
        Assert.Equal(expected, plane.ReceivedOf<AllocateRequest>().Single());
    }
}
