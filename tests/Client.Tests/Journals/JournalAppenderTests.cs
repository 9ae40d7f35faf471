using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

public sealed class JournalAppenderTests
{
    private static readonly ReadOnlyMemory<byte>[] Entry = [new byte[] { 1 }];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Appends_share_a_stream_and_are_answered_each_with_its_own()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Answer = (request, _) => Task.FromResult<object>(At(((AppendRequest)request).ClientSequence + 100));
        using var client = plane.Client();
        await using var appender = client.Journal("orders").OpenAppender();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * JournalAppender.UnansweredMax).Select(_ => appender.AppendAsync(Entry, cancellation: Cancellation)));

        var begunAtOnce = answers.Take(JournalAppender.UnansweredMax).Select(answer => answer.Ok.First);
        Assert.Equal(Enumerable.Range(101, JournalAppender.UnansweredMax).Select(position => (ulong)position), begunAtOnce);
        Assert.Equal(answers.Length, answers.Select(answer => answer.Ok.First).Distinct().Count());
        Assert.Single(plane.ReceivedOf<AppendRequest>().Select(request => request.ClientId).Distinct());
    }

    [Fact]
    public async Task What_a_broken_stream_left_unanswered_is_sent_again_in_order_with_the_same_numbers()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        using var both = new SemaphoreSlim(0);
        var broken = false;
        plane.Answer = async (request, context) =>
        {
            if (!broken)
            {
                await both.WaitAsync(context.CancellationToken);
                broken = true;
                Answers.Break(context);
                throw new RpcException(Status.DefaultCancelled);
            }

            return At(((AppendRequest)request).ClientSequence);
        };
        using var client = plane.Client();
        await using var appender = client.Journal("orders").OpenAppender();

        var first = appender.AppendAsync(Entry, new AppendOptions { ExpectedTail = 5 }, Cancellation);
        var second = appender.AppendAsync(Entry, cancellation: Cancellation);
        both.Release();

        Assert.Equal([1UL, 2UL], (await Task.WhenAll(first, second)).Select(answer => answer.Ok.First));
        Assert.Equal([1UL, 1UL, 2UL], plane.ReceivedOf<AppendRequest>().Select(request => request.ClientSequence));
        Assert.Equal(plane.ReceivedOf<AppendRequest>()[0], plane.ReceivedOf<AppendRequest>()[1]);
    }

    [Fact]
    public async Task A_refusal_speaks_of_its_append_and_those_behind_it_are_sent_again()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Answer = (request, _) => ((AppendRequest)request).ClientSequence == 1
            ? throw Answers.Refusal(StatusCode.InvalidArgument, "INVALID_FIELD")
            : Task.FromResult<object>(At(7));
        using var client = plane.Client();
        await using var appender = client.Journal("orders").OpenAppender();

        var refused = appender.AppendAsync(Entry, cancellation: Cancellation);
        var good = appender.AppendAsync(Entry, cancellation: Cancellation);

        Assert.Equal(CallOutcome.Refused, (await Assert.ThrowsAsync<ControlPlaneException>(() => refused)).Outcome);
        Assert.Equal(7UL, (await good).Ok.First);
    }

    [Fact]
    public async Task It_follows_the_writer_that_a_node_names()
    {
        await using var leader = await ScriptedPlane.StartAsync();
        leader.Answer = (_, _) => Task.FromResult<object>(At(3));
        await using var follower = await ScriptedPlane.StartAsync();
        follower.Answer = (_, _) => throw Answers.Refusal(StatusCode.Unavailable, "NOT_LEADER", ("leader", leader.Address));
        using var client = follower.Client();
        await using var appender = client.Journal("orders").OpenAppender();

        Assert.Equal(3UL, (await appender.AppendAsync(Entry, cancellation: Cancellation)).Ok.First);
        Assert.Single(leader.ReceivedOf<AppendRequest>());
    }

    [Fact]
    public async Task Without_an_answer_within_the_deadline_the_outcome_is_unknown()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Answer = Answers.SilenceAsync;
        using var client = plane.Client(deadline: TimeSpan.FromMilliseconds(300));
        await using var appender = client.Journal("orders").OpenAppender();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => appender.AppendAsync(Entry, cancellation: Cancellation));

        Assert.Equal((CallOutcome.Unknown, StatusCode.DeadlineExceeded), (failure.Outcome, failure.Code));
    }

    [Fact]
    public async Task With_nobody_there_an_append_ends_by_its_deadline_and_says_why()
    {
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = ["http://127.0.0.1:1"], Deadline = TimeSpan.FromMilliseconds(300) });
        await using var appender = client.Journal("orders").OpenAppender();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => appender.AppendAsync(Entry, cancellation: Cancellation));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.Code);
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_waits_for_what_was_begun_and_takes_no_more()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        using var asked = new SemaphoreSlim(0);
        using var answering = new SemaphoreSlim(0);
        plane.Answer = async (_, context) =>
        {
            asked.Release();
            await answering.WaitAsync(context.CancellationToken);
            return At(9);
        };
        using var client = plane.Client();
        var appender = client.Journal("orders").OpenAppender();

        var begun = appender.AppendAsync(Entry, cancellation: Cancellation);
        await asked.WaitAsync(Cancellation);
        var disposing = appender.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => appender.AppendAsync(Entry, cancellation: Cancellation));
        answering.Release();

        await disposing;
        Assert.Equal(9UL, (await begun).Ok.First);
    }

    private static AppendResponse At(ulong position) => new() { Ok = new AppendResponse.Types.Ok { First = position, Last = position } };
}
