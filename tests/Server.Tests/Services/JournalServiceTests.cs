using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Services;

public sealed class JournalServiceTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task What_was_appended_is_read_back_in_order_by_name_and_by_id()
    {
        var appended = await AppendAsync(new AppendRequest { Entries = { Bytes("a"), Bytes("b") } });
        var status = await _node.Journal.StatusAsync(new JournalStatusRequest { Journal = "jobs" }, cancellationToken: TestNode.Cancellation);

        var read = await _node.Journal.ReadAsync(new ReadRequest { Journal = status.JournalId, From = 1 }, cancellationToken: TestNode.Cancellation);

        Assert.Equal((1UL, 2UL), (appended.Ok.First, appended.Ok.Last));
        Assert.Equal(["a", "b"], read.Entries.Select(entry => entry.Payload.ToStringUtf8()));
        Assert.Equal((3UL, 3UL), (read.Next, read.Tail));
        Assert.Equal(3UL, Assert.Single(status.Replicas).DurableTail);
        Assert.True(status.BytesOnDisk > 0);
    }

    [Fact]
    public async Task A_wrong_expected_tail_is_a_result_with_the_true_one()
    {
        var answer = await AppendAsync(new AppendRequest { ExpectedTail = 7, Entries = { Bytes("a") } });

        Assert.Equal(1UL, answer.TailMismatch.Tail);
    }

    [Fact]
    public async Task A_retry_answers_the_original_position()
    {
        var request = new AppendRequest { ClientId = TestNode.NewId(), ClientSequence = 1, Entries = { Bytes("a") } };
        var first = await AppendAsync(request);

        var second = await AppendAsync(request);

        Assert.Equal((first.Ok.First, false, true), (second.Ok.First, first.Ok.Replayed, second.Ok.Replayed));
    }

    [Fact]
    public async Task After_a_fence_only_its_holder_appends()
    {
        var fenced = await _node.Journal.FenceAsync(new FenceRequest { Journal = "jobs", NewToken = 5 }, cancellationToken: TestNode.Cancellation);
        var late = await _node.Journal.FenceAsync(new FenceRequest { Journal = "jobs", NewToken = 4 }, cancellationToken: TestNode.Cancellation);

        Assert.Equal((true, 5UL), (fenced.Raised, fenced.Token));
        Assert.Equal((false, 5UL), (late.Raised, late.Token));
        Assert.Equal(5UL, (await AppendAsync(new AppendRequest { Entries = { Bytes("old") } })).Fenced.Token);
        Assert.NotNull((await AppendAsync(new AppendRequest { FencingToken = 5, Entries = { Bytes("new") } })).Ok);
    }

    [Fact]
    public async Task A_tail_shows_what_was_there_and_what_comes()
    {
        await AppendAsync(new AppendRequest { Entries = { Bytes("a") } });
        using var tail = _node.Journal.Tail(new TailRequest { Journal = "jobs", From = 1 }, cancellationToken: TestNode.Cancellation);
        var seen = new List<string>();
        while (seen.Count < 2)
        {
            Assert.True(await tail.ResponseStream.MoveNext(TestNode.Cancellation));
            seen.AddRange(tail.ResponseStream.Current.Entries.Select(entry => entry.Payload.ToStringUtf8()));
            if (seen.Count == 1)
            {
                await AppendAsync(new AppendRequest { Entries = { Bytes("b") } });
            }
        }

        Assert.Equal(["a", "b"], seen);
    }

    [Fact]
    public async Task A_snapshot_comes_back_as_it_was_put()
    {
        await AppendAsync(new AppendRequest { Entries = { Bytes("a"), Bytes("b") } });
        var content = new byte[2_500_000];
        new Random(7).NextBytes(content);

        await PutSnapshotAsync(position: 2, content);

        using var get = _node.Journal.GetSnapshot(new GetSnapshotRequest { Journal = "jobs" }, cancellationToken: TestNode.Cancellation);
        var parts = await TestNode.CollectAsync(get.ResponseStream);
        Assert.Equal(2UL, parts[0].AppliedPosition);
        Assert.Equal(content, parts.SelectMany(part => part.Chunk));
    }

    [Fact]
    public async Task A_snapshot_of_what_is_not_committed_is_refused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => PutSnapshotAsync(position: 1, [1]));

        Assert.Equal(ErrorReason.InvalidField, ErrorTable.ReasonOf(error));
    }

    [Fact]
    public async Task Nothing_is_trimmed_or_fetched_without_a_snapshot()
    {
        var trim = await Assert.ThrowsAsync<RpcException>(
            () => _node.Journal.TrimAsync(new TrimRequest { Journal = "jobs", Below = 1 }, cancellationToken: TestNode.Cancellation).ResponseAsync);
        using var get = _node.Journal.GetSnapshot(new GetSnapshotRequest { Journal = "jobs" }, cancellationToken: TestNode.Cancellation);
        var fetch = await Assert.ThrowsAsync<RpcException>(() => get.ResponseStream.MoveNext(TestNode.Cancellation));

        Assert.Equal((ErrorReason.NoSnapshot, ErrorReason.NoSnapshot), (ErrorTable.ReasonOf(trim), ErrorTable.ReasonOf(fetch)));
    }

    [Fact]
    public async Task An_answer_is_no_larger_than_what_a_client_takes_by_default()
    {
        var large = ByteString.CopyFrom(new byte[256 * 1024]);
        for (var i = 0; i < 2; i++)
        {
            await AppendAsync(new AppendRequest { Entries = { Enumerable.Repeat(large, 15) } });
        }

        var read = await _node.Journal.ReadAsync(new ReadRequest { Journal = "jobs", From = 1 }, cancellationToken: TestNode.Cancellation);

        Assert.InRange(read.CalculateSize(), 1, 4 * 1024 * 1024);
        Assert.Equal(read.Entries[^1].Position + 1, read.Next);
    }

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    private async Task<AppendResponse> AppendAsync(AppendRequest request)
    {
        request.Journal = "jobs";
        return await _node.Journal.AppendAsync(request, cancellationToken: TestNode.Cancellation);
    }

    private async Task PutSnapshotAsync(ulong position, byte[] content)
    {
        using var put = _node.Journal.PutSnapshot(cancellationToken: TestNode.Cancellation);
        await put.RequestStream.WriteAsync(
            new PutSnapshotRequest { Begin = new PutSnapshotRequest.Types.Begin { Journal = "jobs", AppliedPosition = position } }, TestNode.Cancellation);
        foreach (var chunk in content.Chunk(1024 * 1024))
        {
            await put.RequestStream.WriteAsync(new PutSnapshotRequest { Chunk = ByteString.CopyFrom(chunk) }, TestNode.Cancellation);
        }

        await put.RequestStream.CompleteAsync();
        await put;
    }
}
