using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>
/// Snapshots as streams of chunks. One attempt each: the content is the caller's stream, which may not be read twice; storing the
/// same snapshot again is harmless.
/// </summary>
internal static class JournalSnapshots
{
    public static async Task<PutSnapshotResponse> PutAsync(
        Endpoint endpoint, string journal, ulong appliedPosition, Stream content, CancellationToken cancellation)
    {
        using var call = endpoint.Journal.PutSnapshot(cancellationToken: cancellation);
        try
        {
            var begin = new PutSnapshotRequest.Types.Begin { Journal = journal, AppliedPosition = appliedPosition };
            await call.RequestStream.WriteAsync(new PutSnapshotRequest { Begin = begin }, cancellation).ConfigureAwait(false);
            var buffer = new byte[ChunkBytes];
            while (await content.ReadAtLeastAsync(buffer, ChunkBytes, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                var chunk = ByteString.CopyFrom(buffer, 0, read);
                await call.RequestStream.WriteAsync(new PutSnapshotRequest { Chunk = chunk }, cancellation).ConfigureAwait(false);
            }

            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw FailureDecoder.Decode(e, endpoint.Address);
        }
    }

    public static async Task<SequenceNumber> GetAsync(Endpoint endpoint, string journal, Stream destination, CancellationToken cancellation)
    {
        using var call = endpoint.Journal.GetSnapshot(new GetSnapshotRequest { Journal = journal }, cancellationToken: cancellation);
        var applied = SequenceNumber.None;
        try
        {
            while (await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false))
            {
                var part = call.ResponseStream.Current;
                applied = part.AppliedPosition > 0 ? new SequenceNumber(part.AppliedPosition) : applied;
                await destination.WriteAsync(part.Chunk.Memory, cancellation).ConfigureAwait(false);
            }
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw FailureDecoder.Decode(e, endpoint.Address);
        }

        return applied;
    }

    private const int ChunkBytes = 512 * 1024;
}
