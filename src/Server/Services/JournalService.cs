using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Validation;
using Grpc.Core;
using AppendRequest = ControlPlane.Protocol.V1.AppendRequest;

namespace ControlPlane.Server.Services;

/// <summary>The node's journals for general use, and the worker manager's own for reading.</summary>
internal sealed class JournalService(HostedJournals journals, NodeOptions options, Stopping stopping, TimeProvider time) : Protocol.V1.Journal.JournalBase
{
    public override async Task<AppendResponse> Append(AppendRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var append = JournalRequests.Append(checks, request);
        checks.ThrowIfAny();
        var journal = journals.FindWritable(request.Journal);
        return (await WriteAsync(() => journal.AppendAsync(append), context)).ToWire(journal.Engine);
    }

    public override Task AppendStream(
        IAsyncStreamReader<AppendStreamRequest> requestStream, IServerStreamWriter<AppendStreamResponse> responseStream, ServerCallContext context) =>
        new AppendExchange(journals, requestStream, responseStream, context, stopping).RunAsync();

    public override Task<ReadResponse> Read(ReadRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var entriesMax = JournalRequests.ReadEntries(checks, request);
        checks.ThrowIfAny();
        var journal = journals.Find(request.Journal).Engine;
        var tail = journal.Committed.Next;
        var (entries, next) = JournalReading.Read(journal, new SequenceNumber(request.From), entriesMax);
        return Task.FromResult(new ReadResponse { Entries = { entries }, Next = next.Value, Tail = Math.Max(tail.Value, next.Value) });
    }

    public override async Task Tail(TailRequest request, IServerStreamWriter<TailResponse> responseStream, ServerCallContext context)
    {
        var journal = journals.Find(request.Journal);
        var from = await journal.BeginAsync(request.From, context);
        using var end = stopping.Or(context.CancellationToken);
        await JournalReading.TailAsync(journal.Engine, from, responseStream, end.Token);
    }

    public override async Task<CheckTailResponse> CheckTail(CheckTailRequest request, ServerCallContext context)
    {
        var journal = journals.Find(request.Journal);
        var (tail, fence) = await TailAndFenceAsync(journal, context);
        return new CheckTailResponse { Tail = tail.Value, Fence = fence.Value, Epoch = journal.Engine.Epoch.Value };
    }

    public override async Task<FenceResponse> Fence(FenceRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var (token, expected) = JournalRequests.Fence(checks, request);
        checks.ThrowIfAny();
        var journal = journals.FindWritable(request.Journal);
        var result = await WriteAsync(() => journal.RaiseFenceAsync(token, expected), context);
        return result.Status == AppendStatus.Ok
            ? new FenceResponse { Raised = true, Token = token.Value, Position = result.First.Value }
            : new FenceResponse { Raised = false, Token = result.Fence.Value };
    }

    public override async Task<TrimResponse> Trim(TrimRequest request, ServerCallContext context)
    {
        var journal = journals.FindWritable(request.Journal);
        var below = new SequenceNumber(request.Below);
        if (journal.Engine.Snapshots.FindNewest(_ => { }) is not { } snapshot || below > snapshot.Applied.Last.Next)
        {
            throw Refusals.NoSnapshot(request.Journal);
        }

        var result = await WriteAsync(() => journal.TrimAsync(below), context);
        return new TrimResponse { Head = result.First.Value };
    }

    public override async Task<PutSnapshotResponse> PutSnapshot(IAsyncStreamReader<PutSnapshotRequest> requestStream, ServerCallContext context)
    {
        var upload = await SnapshotUpload.ReadAsync(requestStream, context.CancellationToken);
        var journal = journals.FindWritable(upload.Journal);
        upload.CheckPosition(journal);
        var taken = await journal.PutSnapshotAsync(upload.Applied, upload.Payload, context.CancellationToken);
        return new PutSnapshotResponse { Bytes = (ulong)taken.Bytes };
    }

    public override async Task GetSnapshot(GetSnapshotRequest request, IServerStreamWriter<GetSnapshotResponse> responseStream, ServerCallContext context)
    {
        var journal = journals.Find(request.Journal).Engine;
        using var snapshot = journal.OpenNewestSnapshot() ?? throw Refusals.NoSnapshot(request.Journal);
        var chunk = new byte[JournalRequests.SnapshotChunkBytesMax];
        await responseStream.WriteAsync(new GetSnapshotResponse { AppliedPosition = snapshot.Header.Applied.Last.Value }, context.CancellationToken);
        for (var read = snapshot.Read(chunk); read > 0; read = snapshot.Read(chunk))
        {
            await responseStream.WriteAsync(new GetSnapshotResponse { Chunk = Google.Protobuf.ByteString.CopyFrom(chunk.AsSpan(0, read)) }, context.CancellationToken);
        }
    }

    public override async Task<JournalStatusResponse> Status(JournalStatusRequest request, ServerCallContext context)
    {
        var journal = journals.Find(request.Journal);
        var (tail, fence) = await TailAndFenceAsync(journal, context);
        var engine = journal.Engine;
        var response = new JournalStatusResponse
        {
            JournalId = engine.Id.ToString(),
            Name = journal.Name,
            Epoch = engine.Epoch.Value,
            Head = engine.Head.Value,
            Tail = tail.Value,
            Fence = fence.Value,
            Snapshot = engine.Snapshots.FindNewest(_ => { })?.Applied.Last.Value ?? 0,
            Durability = engine.Durability(),
            Flushes = (ulong)engine.Counters.Flushes,
            BytesOnDisk = (ulong)new DirectoryInfo(journal.Directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
        };
        response.Replicas.Add(new JournalStatusResponse.Types.Replica
        {
            Id = engine.Replica.ToString(),
            DurableTail = tail.Value,
            Node = options.Name,
            Standing = "writer",
            Snapshot = response.Snapshot,
            IsMember = true,
            IsWhole = true,
        });
        response.Replicas.AddRange((await OthersAsync(journal, context)).Select(JournalAnswers.ToReplica));
        return response;
    }

    /// <summary>The other nodes' replicas; the writer alone knows them.</summary>
    private static async ValueTask<List<ReplicaStatus>> OthersAsync(HostedJournal journal, ServerCallContext context)
    {
        static List<ReplicaStatus> Others(JournalEngine engine) =>
            [.. engine.Peers.Select(peer => peer.ToWire(engine)), .. engine.Spares.Select(spare => spare.ToWire(engine))];

        return await journal.AskAsync(Others, context);
    }

    private async ValueTask<(SequenceNumber Tail, JournalFence Fence)> TailAndFenceAsync(HostedJournal journal, ServerCallContext context)
    {
        if (journal.Host is not { } host)
        {
            return await journal.AskAsync(engine => (engine.Tail, engine.Fence), context);
        }

        var checkedTail = await WriteAsync(host.CheckTailAsync, context);
        return (checkedTail.Tail, checkedTail.Fence);
    }

    private async ValueTask<AppendResult> WriteAsync(Func<ValueTask<AppendResult>> write, ServerCallContext context)
    {
        if (context.CancellationToken.IsCancellationRequested || context.Deadline <= time.GetUtcNow().UtcDateTime)
        {
            throw Refusals.DeadlineBeforeAppend();
        }

        return await JournalFailures.TranslateAsync(write, context);
    }
}
