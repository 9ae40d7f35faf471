using System.Text;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>The library that .NET programs use, against a real process.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class DotnetClientTests(RunningPlane running)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lease_is_allocated_used_renewed_and_released()
    {
        var lease = await running.Client.AllocateAsync(EchoFunction.Lease(TimeSpan.FromMinutes(1)), Cancellation);
        var answer = await lease.InvokeAsync("hello"u8.ToArray(), cancellation: Cancellation);
        Assert.Equal("hello", answer.Payload.ToStringUtf8().TrimEnd('\n'));

        await lease.RenewAsync(TimeSpan.FromMinutes(5), Cancellation);
        Assert.InRange(lease.TimeLeft, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));

        await lease.ReleaseAsync(Cancellation);
        Assert.Equal(TimeSpan.Zero, lease.TimeLeft);
        var late = await Assert.ThrowsAsync<ControlPlaneException>(() => lease.RenewAsync(cancellation: Cancellation));
        Assert.Equal((CallOutcome.Refused, ErrorReason.LeaseEnded), (late.Outcome, late.Reason));
    }

    [Fact]
    public async Task Two_leases_at_a_time_are_two_sandboxes()
    {
        var leases = await running.Client.AllocateManyAsync(EchoFunction.Lease(), 2, Cancellation);
        Assert.NotEqual(leases[0].Sandbox, leases[1].Sandbox);
        Assert.All(await running.Client.ReleaseAsync([.. leases.Select(lease => lease.Reference)], Cancellation), item => Assert.NotNull(item.Released));
    }

    [Fact]
    public async Task The_largest_payload_comes_back_as_it_was()
    {
        await using var lease = await running.Client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        var payload = new byte[6 * 1024 * 1024];
        new Random(1).NextBytes(payload);
        var answer = await lease.InvokeAsync(payload, cancellation: Cancellation);
        Assert.True(answer.Payload.Span.SequenceEqual(payload), "the function's answer differs from what was sent");
    }

    [Fact]
    public async Task A_function_that_fails_is_told_from_a_plane_that_fails()
    {
        await using var lease = await running.Client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        var failure = await Assert.ThrowsAsync<ControlPlaneException>(
            () => lease.InvokeAsync(Encoding.UTF8.GetBytes("""{"error":"not today"}"""), cancellation: Cancellation));
        Assert.Equal(ErrorReason.FunctionError, failure.Reason);
        Assert.Contains("not today", string.Join(' ', failure.Metadata.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_request_holds_nothing()
    {
        var request = NewIdentifier.Request();
        await running.Client.AllocateAsync(EchoFunction.Lease() with { RequestId = request }, Cancellation);
        Assert.Equal(LookupRequestResponse.Types.State.Held, (await running.Client.LookupAsync(request, Cancellation)).State);

        Assert.Equal(1u, (await running.Client.CancelAsync(request, Cancellation)).Ended);

        Assert.Equal(LookupRequestResponse.Types.State.Ended, (await running.Client.LookupAsync(request, Cancellation)).State);
    }

    [Fact]
    public async Task A_lease_that_nobody_confirms_goes_back_by_itself()
    {
        var lease = await running.Client.AllocateAsync(EchoFunction.Lease() with { ConfirmWithin = TimeSpan.FromMilliseconds(200) }, Cancellation);
        await using var changes = running.Client.WatchAsync(lease.Lease.Id.Position, cancellation: Cancellation).GetAsyncEnumerator(Cancellation);
        Change? end = null;
        while (end is null && await changes.MoveNextAsync())
        {
            end = changes.Current.Changes.FirstOrDefault(change => change.Lease?.Position == lease.Lease.Id.Position && change.Kind == Change.Types.Kind.LeaseExpired);
        }

        Assert.NotNull(end);
    }

    [Fact]
    public async Task A_batch_answers_each_request_and_an_atomic_one_all_or_none()
    {
        using var channel = GrpcChannel.ForAddress(running.Address);
        var allocator = new Allocator.AllocatorClient(channel);
        var mixed = new AllocateBatchRequest { Requests = { Request(), Request("nobody") } };
        var answers = (await allocator.AllocateBatchAsync(mixed, cancellationToken: Cancellation)).Outcomes;
        Assert.Equal(ErrorReason.UnknownFunction, answers[1].Refused.Reason);
        await ReleaseAsync(allocator, answers[0].Granted.Leases.Single());

        var atomic = new AllocateBatchRequest { Atomic = true, Requests = { Request(), Request("nobody") } };
        var refused = (await allocator.AllocateBatchAsync(atomic, cancellationToken: Cancellation)).Outcomes;
        Assert.All(refused, outcome => Assert.NotNull(outcome.Refused));
    }

    [Fact]
    public async Task A_stream_carries_many_requests_and_their_answers_by_tag()
    {
        using var channel = GrpcChannel.ForAddress(running.Address);
        var allocator = new Allocator.AllocatorClient(channel);
        using var stream = allocator.AllocateStream(cancellationToken: Cancellation);
        Assert.True(await stream.ResponseStream.MoveNext(Cancellation));
        Assert.True(stream.ResponseStream.Current.Credits > 1);

        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 7, Allocate = Request() }, Cancellation);
        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 8, Allocate = Request("nobody") }, Cancellation);
        var answers = new Dictionary<ulong, AllocateStreamResponse>();
        while (answers.Count < 2 && await stream.ResponseStream.MoveNext(Cancellation))
        {
            answers.Add(stream.ResponseStream.Current.Tag, stream.ResponseStream.Current);
        }

        Assert.Equal(ErrorReason.UnknownFunction, answers[8].Allocate.Refused.Reason);
        var lease = answers[7].Allocate.Granted.Leases.Single();
        var release = new ReleaseRequest { Tenant = "default", Leases = { new LeaseRef { Id = lease.Id, Fence = lease.Fence } } };
        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 9, Release = release }, Cancellation);
        await stream.RequestStream.CompleteAsync();
        Assert.True(await stream.ResponseStream.MoveNext(Cancellation));
        Assert.NotNull(stream.ResponseStream.Current.Release.Items.Single().Released);
        Assert.False(await stream.ResponseStream.MoveNext(Cancellation));
    }

    private static AllocateRequest Request(string function = EchoFunction.Name) => new()
    {
        RequestId = ByteString.CopyFrom(NewIdentifier.Request().ToByteArray()),
        Tenant = "default",
        Function = function,
        ColdPolicy = ColdPolicy.Reserve,
    };

    private static async Task ReleaseAsync(Allocator.AllocatorClient allocator, Lease lease)
    {
        var request = new ReleaseRequest { Tenant = "default", Leases = { new LeaseRef { Id = lease.Id, Fence = lease.Fence } } };
        Assert.NotNull((await allocator.ReleaseAsync(request, cancellationToken: Cancellation)).Items.Single().Released);
    }
}
