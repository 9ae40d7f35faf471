using System.Diagnostics;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Bench.Replicated;

/// <summary>How much is written, and how much of it lies behind the snapshot.</summary>
internal sealed record JoinSizes(int Entries, int Tail, int EntryBytes, int SnapshotMebibytes);

/// <summary>One follower is stopped, misses everything, and comes back.</summary>
internal sealed class JoinRun(JournalNodes nodes, JoinSizes sizes, Action<string> step)
{
    private const int EntriesPerAppend = 1000;
    private const int AppendsAtATime = 4;
    private const int ChunkBytes = 1 << 20;
    private static readonly TimeSpan TrimPatience = TimeSpan.FromSeconds(10);

    private int _leader;
    private int _trimmedAt;

    public async Task<JoinReport> RunAsync(CancellationToken cancellation)
    {
        _leader = await nodes.LeaderAsync(cancellation);
        var follower = (_leader + 1) % nodes.Count;
        var written = await AppendAsync(1, cancellation);
        await UntilHeldAsync(follower, written, cancellation);
        step($"stopping node {follower + 1}, and writing {sizes.Entries:N0} entries");
        await nodes.StopNodeAsync(follower);
        var start = Stopwatch.GetTimestamp();
        var covered = await AppendAsync(sizes.Entries - sizes.Tail, cancellation);
        var writing = Stopwatch.GetElapsedTime(start);
        var head = 1UL;
        if (sizes.SnapshotMebibytes > 0)
        {
            step("putting the snapshot at the others, and trimming");
            head = await SnapshotAndTrimAsync(follower, covered, cancellation);
        }

        start = Stopwatch.GetTimestamp();
        var last = await AppendAsync(sizes.Tail, cancellation);
        writing += Stopwatch.GetElapsedTime(start);

        step($"starting node {follower + 1}");
        start = Stopwatch.GetTimestamp();
        await nodes.StartNodeAsync(follower, cancellation);
        var started = Stopwatch.GetElapsedTime(start);
        await UntilHeldAsync(follower, last, cancellation);
        var joining = Stopwatch.GetElapsedTime(start) - started;
        var changed = sizes.SnapshotMebibytes > 0 && await nodes.LeaderAsync(cancellation) != _trimmedAt;
        return new JoinReport(sizes, writing, head, changed, started, joining);
    }

    private async Task<ulong> SnapshotAndTrimAsync(int away, ulong covered, CancellationToken cancellation)
    {
        for (var index = 0; index < nodes.Count; index++)
        {
            if (index != away)
            {
                await UntilHeldAsync(index, covered, cancellation);
                await PutSnapshotAsync(nodes.ChannelTo(index), covered, cancellation);
            }
        }

        // The writer keeps what no majority has a snapshot of, and hears of the others' with their next acknowledgements; and it drops whole
        // files only. So it may take a moment, and a journal that is shorter than a file is never trimmed.
        var trimmed = Stopwatch.GetTimestamp();
        while (true)
        {
            await AppendAsync(1, cancellation);
            var request = new TrimRequest { Journal = JournalNodes.Journal, Below = covered };
            var answer = await AtLeaderAsync(journal => journal.TrimAsync(request, cancellationToken: cancellation), cancellation);
            if (answer.Head > 2)
            {
                _trimmedAt = Volatile.Read(ref _leader);
                return answer.Head;
            }

            if (Stopwatch.GetElapsedTime(trimmed) > TrimPatience)
            {
                throw new InvalidOperationException("Nothing was trimmed: more entries are needed than one file of the journal (64 MiB) holds.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
    }

    private async Task PutSnapshotAsync(GrpcChannel channel, ulong covered, CancellationToken cancellation)
    {
        using var call = new Protocol.V1.Journal.JournalClient(channel).PutSnapshot(cancellationToken: cancellation);
        await call.RequestStream.WriteAsync(
            new PutSnapshotRequest { Begin = new PutSnapshotRequest.Types.Begin { Journal = JournalNodes.Journal, AppliedPosition = covered } }, cancellation);
        var chunk = new byte[ChunkBytes];
        new Random(1).NextBytes(chunk);
        for (var i = 0; i < sizes.SnapshotMebibytes; i++)
        {
            await call.RequestStream.WriteAsync(new PutSnapshotRequest { Chunk = ByteString.CopyFrom(chunk) }, cancellation);
        }

        await call.RequestStream.CompleteAsync();
        await call;
    }

    /// <summary>Returns the last position written. Where the leader changes meanwhile, a few entries are written twice.</summary>
    private async Task<ulong> AppendAsync(int entries, CancellationToken cancellation)
    {
        var payload = ByteString.CopyFrom(new byte[sizes.EntryBytes]);
        var left = entries;
        var last = 0UL;
        await Task.WhenAll(Enumerable.Range(0, AppendsAtATime).Select(async _ =>
        {
            while (true)
            {
                var remaining = Interlocked.Add(ref left, -EntriesPerAppend) + EntriesPerAppend;
                if (remaining <= 0)
                {
                    return;
                }

                var request = new AppendRequest { Journal = JournalNodes.Journal, Entries = { Enumerable.Repeat(payload, Math.Min(remaining, EntriesPerAppend)) } };
                Raise(ref last, (await AtLeaderAsync(journal => journal.AppendAsync(request, cancellationToken: cancellation), cancellation)).Ok.Last);
            }
        }));
        return last;
    }

    private async Task<T> AtLeaderAsync<T>(Func<Protocol.V1.Journal.JournalClient, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await call(new Protocol.V1.Journal.JournalClient(nodes.ChannelTo(Volatile.Read(ref _leader))));
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                Volatile.Write(ref _leader, await nodes.LeaderAsync(cancellation));
            }
        }
    }

    private static void Raise(ref ulong last, ulong to)
    {
        for (var seen = Volatile.Read(ref last); seen < to;)
        {
            seen = Interlocked.CompareExchange(ref last, to, seen) is var found && found == seen ? to : found;
        }
    }

    private async Task UntilHeldAsync(int index, ulong position, CancellationToken cancellation)
    {
        var journal = new Protocol.V1.Journal.JournalClient(nodes.ChannelTo(index));
        while (!await HoldsAsync(journal, position, cancellation))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellation);
        }
    }

    private static async Task<bool> HoldsAsync(Protocol.V1.Journal.JournalClient journal, ulong position, CancellationToken cancellation)
    {
        try
        {
            var read = await journal.ReadAsync(
                new ReadRequest { Journal = JournalNodes.Journal, From = position, MaxEntries = 1 }, cancellationToken: cancellation);
            return read.Entries.Count > 0;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }
}
