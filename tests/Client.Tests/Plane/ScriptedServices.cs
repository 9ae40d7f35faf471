using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

internal sealed class ScriptedAllocator(ScriptedPlane plane) : Allocator.AllocatorBase
{
    public override Task<AllocateResponse> Allocate(AllocateRequest request, ServerCallContext context) => plane.AnswerAsync<AllocateResponse>(request, context);

    public override Task<RenewResponse> Renew(RenewRequest request, ServerCallContext context) => plane.AnswerAsync<RenewResponse>(request, context);

    public override Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context) => plane.AnswerAsync<ReleaseResponse>(request, context);

    public override Task<LookupRequestResponse> LookupRequest(LookupRequestRequest request, ServerCallContext context) => plane.AnswerAsync<LookupRequestResponse>(request, context);

    public override Task<CancelRequestResponse> CancelRequest(CancelRequestRequest request, ServerCallContext context) => plane.AnswerAsync<CancelRequestResponse>(request, context);

    public override Task<ListLeasesResponse> ListLeases(ListLeasesRequest request, ServerCallContext context) => plane.AnswerAsync<ListLeasesResponse>(request, context);

    public override Task<GetPartitionsResponse> GetPartitions(GetPartitionsRequest request, ServerCallContext context) => plane.AnswerAsync<GetPartitionsResponse>(request, context);

    public override Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        plane.Received.Enqueue(request);
        return plane.Watch(request, responseStream, context);
    }
}

internal sealed class ScriptedOperator(ScriptedPlane plane) : Operator.OperatorBase
{
    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) => plane.AnswerAsync<GetStatusResponse>(request, context);
}

internal sealed class ScriptedGate(ScriptedPlane plane) : Gate.GateBase
{
    public override Task<InvokeResponse> Invoke(InvokeRequest request, ServerCallContext context) => plane.AnswerAsync<InvokeResponse>(request, context);
}

internal sealed class ScriptedJournal(ScriptedPlane plane) : Protocol.V1.Journal.JournalBase
{
    public override Task<AppendResponse> Append(AppendRequest request, ServerCallContext context) => plane.AnswerAsync<AppendResponse>(request, context);

    public override async Task AppendStream(
        IAsyncStreamReader<AppendStreamRequest> requestStream, IServerStreamWriter<AppendStreamResponse> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            foreach (var append in request.Appends)
            {
                await responseStream.WriteAsync(new AppendStreamResponse { Answers = { await plane.AnswerAsync<AppendResponse>(append, context) } });
            }
        }
    }

    public override Task<FenceResponse> Fence(FenceRequest request, ServerCallContext context) => plane.AnswerAsync<FenceResponse>(request, context);

    public override Task<CheckTailResponse> CheckTail(CheckTailRequest request, ServerCallContext context) => plane.AnswerAsync<CheckTailResponse>(request, context);

    public override Task Tail(TailRequest request, IServerStreamWriter<TailResponse> responseStream, ServerCallContext context)
    {
        plane.Received.Enqueue(request);
        return plane.Tail(request, responseStream, context);
    }

    public override async Task<PutSnapshotResponse> PutSnapshot(IAsyncStreamReader<PutSnapshotRequest> requestStream, ServerCallContext context)
    {
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (part.PartCase == PutSnapshotRequest.PartOneofCase.Begin)
            {
                plane.Received.Enqueue(part.Begin);
            }
            else
            {
                plane.SnapshotChunks.Add(part.Chunk.ToByteArray());
            }
        }

        return new PutSnapshotResponse { Bytes = (ulong)plane.SnapshotChunks.Sum(chunk => chunk.Length) };
    }

    public override async Task GetSnapshot(GetSnapshotRequest request, IServerStreamWriter<GetSnapshotResponse> responseStream, ServerCallContext context)
    {
        var first = true;
        foreach (var chunk in plane.SnapshotChunks)
        {
            await responseStream.WriteAsync(new GetSnapshotResponse { AppliedPosition = first ? 9UL : 0, Chunk = ByteString.CopyFrom(chunk) });
            first = false;
        }
    }
}
