using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Services;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Services;

public sealed class AppendStreamTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Appends_of_a_stream_get_positions_and_answers_in_their_order()
    {
        const int Appends = 2 * AppendExchange.UnansweredMax;
        using var call = Open();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Appends; i++)
            {
                await call.RequestStream.WriteAsync(Together(Append(i.ToString(System.Globalization.CultureInfo.InvariantCulture))), TestNode.Cancellation);
            }

            await call.RequestStream.CompleteAsync();
        }, TestNode.Cancellation);

        var positions = (await TestNode.CollectAsync(call.ResponseStream)).SelectMany(answered => answered.Answers).Select(answer => answer.Ok.First);
        await sending;

        Assert.Equal(Enumerable.Range(1, Appends).Select(position => (ulong)position), positions);
        var read = await _node.Journal.ReadAsync(new ReadRequest { Journal = "jobs", From = 1, MaxEntries = Appends }, cancellationToken: TestNode.Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Appends).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            read.Entries.Select(entry => entry.Payload.ToStringUtf8()));
    }

    [Fact]
    public async Task A_failed_condition_is_an_answer_and_the_stream_goes_on()
    {
        using var call = Open();
        var late = Append("late");
        late.ExpectedTail = 9;
        await call.RequestStream.WriteAsync(Together(Append("first"), late, Append("second")), TestNode.Cancellation);
        await call.RequestStream.CompleteAsync();

        var answers = (await TestNode.CollectAsync(call.ResponseStream)).SelectMany(answered => answered.Answers).ToList();

        Assert.Equal([1UL, 0, 2], answers.Select(answer => answer.Ok?.First ?? 0));
        Assert.Equal(2UL, answers[1].TailMismatch.Tail);
    }

    [Fact]
    public async Task What_is_no_append_ends_the_stream_behind_the_answers_to_what_came_before_it()
    {
        using var call = Open();
        await call.RequestStream.WriteAsync(Together(Append("good"), new AppendRequest { Journal = "jobs" }, Append("behind")), TestNode.Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(1UL, call.ResponseStream.Current.Answers.Single().Ok.First);
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(ErrorReason.InvalidField, ErrorTable.ReasonOf(refused));
    }

    [Fact]
    public async Task A_stream_speaks_of_one_journal()
    {
        using var call = Open();
        await call.RequestStream.WriteAsync(Together(Append("good")), TestNode.Cancellation);
        await call.RequestStream.WriteAsync(Together(new AppendRequest { Journal = "audit", Entries = { ByteString.CopyFromUtf8("elsewhere") } }), TestNode.Cancellation);

        Assert.True(await call.ResponseStream.MoveNext(TestNode.Cancellation));
        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("audit", refused.Status.Detail + refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_journal_is_refused_by_name()
    {
        using var call = Open();
        await call.RequestStream.WriteAsync(Together(new AppendRequest { Journal = "nowhere", Entries = { ByteString.CopyFromUtf8("a") } }), TestNode.Cancellation);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(ErrorReason.UnknownJournal, ErrorTable.ReasonOf(refused));
    }

    [Fact]
    public async Task A_node_that_stops_lets_go_of_a_stream_whose_appends_it_has_answered()
    {
        using var call = Open();
        await call.RequestStream.WriteAsync(Together(Append("taken")), TestNode.Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(TestNode.Cancellation));

        var stopping = _node.App.StopAsync(TestNode.Cancellation);

        // The stream's own end and the connection's race: either way nothing more comes, and the node does not wait for the client.
        var more = await Record.ExceptionAsync(async () => Assert.False(await call.ResponseStream.MoveNext(TestNode.Cancellation)));
        Assert.True(more is null or RpcException, $"{more}");
        await stopping;
    }

    private AsyncDuplexStreamingCall<AppendStreamRequest, AppendStreamResponse> Open() => _node.Journal.AppendStream(cancellationToken: TestNode.Cancellation);

    private static AppendStreamRequest Together(params IEnumerable<AppendRequest> appends) => new() { Appends = { appends } };

    private static AppendRequest Append(string payload) => new() { Journal = "jobs", Entries = { ByteString.CopyFromUtf8(payload) } };
}
