using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Reading;
using ControlPlane.Server.Changes;
using ControlPlane.Server.Errors;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>One watcher: everything committed from a position on, in order, without a gap. A slow one holds up nobody: it reads the journal at its own pace.</summary>
internal static class WatchStream
{
    /// <summary>Runs until the watcher leaves, the node stops, or the journal is trimmed past a watcher that was too slow.</summary>
    public static async Task RunAsync(PartitionHost partition, TrimmedNames names, SequenceNumber from, WatchRequest request, IServerStreamWriter<WatchResponse> responses, CancellationToken cancellation)
    {
        var journal = partition.Journal;
        var feed = new ChangeFeed(partition, names, from);
        try
        {
            while (true)
            {
                await journal.WaitForCommitAsync(feed.Next, cancellation);
                var response = new WatchResponse();
                response.Changes.AddRange(feed.ReadBatch().Where(change => Concerns(change, request.Tenant)));
                response.Position = feed.Next.Value - 1;
                await responses.WriteAsync(response, cancellation);
            }
        }
        catch (PositionTrimmedException trimmed)
        {
            throw Refusals.Trimmed(trimmed.Asked, trimmed.Head);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The watcher has left or the node stops: the stream ends in good order, and the next one goes on behind its last position.
        }
    }

    private static bool Concerns(Change change, string tenant) =>
        tenant.Length == 0 || (change.Lease is not null && change.Tenant == tenant);
}
