using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

public sealed class WatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_comes_back_after_a_broken_connection_without_gap_or_repetition()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        using var seen = new SemaphoreSlim(0);
        plane.Watch = async (request, responses, context) =>
        {
            for (var position = request.FromPosition; position < request.FromPosition + 3; position++)
            {
                await responses.WriteAsync(new WatchResponse { Position = position });
                await seen.WaitAsync(context.CancellationToken);
            }

            Answers.Break(context);
        };
        using var client = plane.Client();

        Assert.Equal(Enumerable.Range(1, 10).Select(i => (ulong)i), await PositionsAsync(client, from: 1, count: 10, seen));
        Assert.All(plane.ReceivedOf<WatchRequest>().Skip(1), request => Assert.True(request.FromPosition > 1));
    }

    [Fact]
    public async Task A_stream_that_the_plane_ended_is_opened_again_from_where_it_was()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Watch = (request, responses, _) => responses.WriteAsync(new WatchResponse { Position = request.FromPosition + 4 });
        using var client = plane.Client();

        Assert.Equal([5UL, 10, 15], await PositionsAsync(client, from: 1, count: 3));
        Assert.Equal([1UL, 6, 11], plane.ReceivedOf<WatchRequest>().Take(3).Select(r => r.FromPosition));
    }

    [Fact]
    public async Task From_now_on_means_one_position_also_when_the_first_stream_breaks_before_its_first_message()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Script(Answers.Is(new ListLeasesResponse { Position = 41 }), Answers.Is(new ListLeasesResponse { Position = 1_000 }));
        var opened = 0;
        plane.Watch = (request, responses, context) =>
        {
            if (Interlocked.Increment(ref opened) < 3)
            {
                Answers.Break(context);
                return Task.CompletedTask;
            }

            return responses.WriteAsync(new WatchResponse { Position = request.FromPosition });
        };
        using var client = plane.Client();

        Assert.Equal([42UL], await PositionsAsync(client, from: 0, count: 1));
        Assert.All(plane.ReceivedOf<WatchRequest>().Take(3), request => Assert.Equal(42UL, request.FromPosition));
    }

    [Fact]
    public async Task A_trimmed_position_ends_the_watch_with_its_reason()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Watch = (_, _, _) => throw Answers.Refusal(StatusCode.OutOfRange, "TRIMMED", ("head", "100"));
        using var client = plane.Client();

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => PositionsAsync(client, from: 1, count: 1));

        Assert.Equal(ErrorReason.Trimmed, failure.Reason);
        Assert.Equal("100", failure.Metadata["head"]);
        Assert.Single(plane.ReceivedOf<WatchRequest>());
    }

    [Fact]
    public async Task A_plane_that_stays_away_ends_the_watch()
    {
        await using var plane = await ScriptedPlane.StartAsync();
        plane.Watch = (_, _, context) =>
        {
            Answers.Break(context);
            return Task.CompletedTask;
        };
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [plane.Address], ReconnectWithin = TimeSpan.FromMilliseconds(100) });

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => PositionsAsync(client, from: 1, count: 1));

        Assert.Equal(CallOutcome.Unreachable, failure.Outcome);
    }

    private static async Task<List<ulong>> PositionsAsync(ControlPlaneClient client, ulong from, int count, SemaphoreSlim? seen = null)
    {
        var positions = new List<ulong>();
        await foreach (var response in client.WatchAsync(from, cancellation: Cancellation))
        {
            positions.Add(response.Position);
            seen?.Release();
            if (positions.Count == count)
            {
                break;
            }
        }

        return positions;
    }
}
