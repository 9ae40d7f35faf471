using System.Runtime.CompilerServices;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>The plane's change feed, followed over reconnections.</summary>
internal static class ChangeWatch
{
    public static async IAsyncEnumerable<WatchResponse> FollowAsync(
        StreamFollower streams, PlaneAddresses addresses, ControlPlaneClient plane, PartitionId partition, ulong from, string tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from == 0)
        {
            // "From now on" must be one position: asked for again after a broken connection, it would skip what came between. A
            // page of leases tells it to tenants too, who may not ask for the node's status.
            var page = await plane.ListLeasesAsync(new ListLeasesRequest { Tenant = tenant, Limit = 1, Partition = partition.Value }, cancellation).ConfigureAwait(false);
            from = page.Position + 1;
        }

        var responses = streams.FollowAsync<WatchResponse>(
            addresses,
            from,
            (endpoint, next, options) => endpoint.Allocator.Watch(new WatchRequest { FromPosition = next, Tenant = tenant, Partition = partition.Value }, options),
            response => response.Position + 1,
            cancellation);
        await foreach (var response in responses.ConfigureAwait(false))
        {
            yield return response;
        }
    }
}
