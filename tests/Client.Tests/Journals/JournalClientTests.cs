using ControlPlane.Protocol.V1;

namespace ControlPlane.Client.Tests;

public sealed class JournalClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_sent_again_with_the_same_sequence()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.LostAsync, Answers.Is(new AppendResponse { Ok = new AppendResponse.Types.Ok { First = 7, Last = 7, Replayed = true } }));
        using var client = plane.Client();

        var answer = await client.Journal("orders").AppendAsync([new byte[] { 0, 1 }], new AppendOptions { ExpectedTail = 7 }, Cancellation);

        Assert.Equal(7UL, answer.Ok.First);
        var sent = plane.ReceivedOf<AppendRequest>();
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0], sent[1]);
        Assert.Equal((16, 1UL, 7UL), (sent[0].ClientId.Length, sent[0].ClientSequence, sent[0].ExpectedTail));
        Assert.False(sent[0].HasFencingToken);
    }

    [Fact]
    public async Task Two_appends_are_two_sequences()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Is(new AppendResponse { TailMismatch = new AppendResponse.Types.TailMismatch { Tail = 3 } }));
        using var client = plane.Client();
        var journal = client.Journal("orders");

        await journal.AppendAsync([new byte[1]], cancellation: Cancellation);
        var answer = await journal.AppendAsync([new byte[1]], new AppendOptions { FencingToken = 0 }, Cancellation);

        Assert.Equal(3UL, answer.TailMismatch.Tail);
        Assert.Equal([1UL, 2UL], plane.ReceivedOf<AppendRequest>().Select(r => r.ClientSequence));
        Assert.True(plane.ReceivedOf<AppendRequest>()[1].HasFencingToken);
    }

    [Fact]
    public async Task A_fence_whose_answer_was_lost_is_unknown_and_not_raised_twice()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.LostAsync);
        using var client = plane.Client();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.Journal("orders").FenceAsync(2, 1, Cancellation));

        Assert.Equal(CallOutcome.Unknown, failure.Outcome);
        Assert.Single(plane.Received);
    }

    [Fact]
    public async Task A_tail_comes_back_at_the_next_position()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        using var seen = new SemaphoreSlim(0);
        plane.Tail = async (request, responses, context) =>
        {
            await responses.WriteAsync(new TailResponse { Entries = { new JournalEntry { Position = request.From } }, Next = request.From + 1 });
            await seen.WaitAsync(context.CancellationToken);
            Answers.Break(context);
        };
        using var client = plane.Client();

        var positions = new List<ulong>();
        await foreach (var response in client.Journal("orders").TailAsync(5, Cancellation))
        {
            positions.AddRange(response.Entries.Select(entry => entry.Position));
            seen.Release();
            if (positions.Count == 4)
            {
                break;
            }
        }

        Assert.Equal([5UL, 6, 7, 8], positions);
    }

    [Fact]
    public async Task A_snapshot_goes_out_in_chunks_and_comes_back_whole()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        using var client = plane.Client();
        var content = new byte[(1024 * 1024) + 17];
        new Random(7).NextBytes(content);

        var put = await client.Journal("orders").PutSnapshotAsync(9, new MemoryStream(content), Cancellation);
        using var got = new MemoryStream();
        var applied = await client.Journal("orders").GetSnapshotAsync(got, Cancellation);

        Assert.Equal((ulong)content.Length, put.Bytes);
        Assert.Equal(3, plane.SnapshotChunks.Count);
        Assert.Equal(("orders", 9UL), (plane.ReceivedOf<PutSnapshotRequest.Types.Begin>().Single().Journal, applied.Value));
        Assert.Equal(content, got.ToArray());
    }
}
