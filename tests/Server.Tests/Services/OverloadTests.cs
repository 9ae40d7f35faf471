using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Services;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Server.Tests.Services;

/// <summary>What is full says so, and everything else goes on.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        await _node.DeployAsync();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_stream_refuses_what_goes_beyond_its_credits_and_answers_the_others()
    {
        using var stream = await OpenStreamAsync();
        for (var tag = 1UL; tag <= AllocateExchange.Credits + 1; tag++)
        {
            await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = tag, Allocate = Waiting() }, TestNode.Cancellation);
        }

        Assert.True(await stream.ResponseStream.MoveNext(TestNode.Cancellation));
        var refused = stream.ResponseStream.Current;
        Assert.Equal((AllocateExchange.Credits + 1UL, ErrorReason.Overloaded), (refused.Tag, refused.Allocate.Refused.Reason));
        Assert.Equal(("credits", $"{AllocateExchange.Credits}"), (refused.Allocate.Refused.Metadata["what"], refused.Allocate.Refused.Metadata["max"]));

        await using var worker = await TestWorker.ConnectAsync(_node);
        Assert.True(await stream.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.NotNull(stream.ResponseStream.Current.Allocate.Granted);
    }

    [Fact]
    public async Task A_tag_that_is_still_unanswered_ends_the_stream()
    {
        using var stream = await OpenStreamAsync();
        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 7, Allocate = Waiting() }, TestNode.Cancellation);
        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 7, Allocate = Waiting() }, TestNode.Cancellation);

        var error = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(TestNode.Cancellation));

        Assert.Equal((StatusCode.InvalidArgument, ErrorReason.InvalidField), (error.StatusCode, ErrorTable.ReasonOf(error)));
        Assert.Contains("tag", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_waits_does_not_hold_up_the_next_one_of_its_stream()
    {
        await using var worker = await TestWorker.ConnectAsync(_node);
        using var stream = await OpenStreamAsync();
        await _node.DeployAsync("elsewhere");
        var forEver = Waiting();
        forEver.Function = "elsewhere";
        forEver.Selectors.Add(new Selector { MatchLabels = { ["no"] = "such worker" } });
        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 1, Allocate = forEver }, TestNode.Cancellation);
        await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = 2, Allocate = Waiting() }, TestNode.Cancellation);

        Assert.True(await stream.ResponseStream.MoveNext(TestNode.Cancellation));

        Assert.Equal(2UL, stream.ResponseStream.Current.Tag);
        Assert.NotNull(stream.ResponseStream.Current.Allocate.Granted);
    }

    [Fact]
    public async Task A_second_rebuild_of_the_past_is_refused_until_the_first_is_over()
    {
        var past = _node.App.Services.GetRequiredService<ServedPartitions>().All[0].Past;
        using var asked = new SemaphoreSlim(0);
        using var answer = new ManualResetEventSlim();
        var first = past.AskAsync(
            new SequenceNumber(1),
            core =>
            {
                asked.Release();
                answer.Wait(TestNode.Cancellation);
                return core.Applied.Value;
            },
            TestNode.Cancellation);
        await asked.WaitAsync(TestNode.Cancellation);

        var second = await Assert.ThrowsAsync<RpcException>(() => StateAtAsync());
        answer.Set();

        Assert.Equal((StatusCode.ResourceExhausted, ErrorReason.Overloaded), (second.StatusCode, ErrorTable.ReasonOf(second)));
        Assert.Equal("rebuild", ErrorTable.MetadataOf(second)["what"]);
        Assert.Equal(1UL, await first);
        Assert.Equal(1UL, (await StateAtAsync()).Position);
    }

    private static AllocateRequest Waiting()
    {
        var request = TestNode.Request();
        request.MaxWaitMs = 300_000;
        return request;
    }

    private async Task<AsyncDuplexStreamingCall<AllocateStreamRequest, AllocateStreamResponse>> OpenStreamAsync()
    {
        var stream = _node.Allocator.AllocateStream(cancellationToken: TestNode.Cancellation);
        Assert.True(await stream.ResponseStream.MoveNext(TestNode.Cancellation));
        return stream;
    }

    private Task<StateAtResponse> StateAtAsync() =>
        _node.Inspect.StateAtAsync(new StateAtRequest { Position = 1 }, cancellationToken: TestNode.Cancellation).ResponseAsync;
}
