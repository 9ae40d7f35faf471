using System.Runtime.CompilerServices;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>A journal's committed entries, followed over reconnections.</summary>
internal static class JournalTail
{
    public static async IAsyncEnumerable<TailResponse> FollowAsync(
        StreamFollower streams, PlaneAddresses addresses, JournalClient journal, ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from == 0)
        {
            // "From now on" must be one position, or a broken connection would skip what came between.
            from = (await journal.CheckTailAsync(cancellation).ConfigureAwait(false)).Tail;
        }

        var responses = streams.FollowAsync<TailResponse>(
            addresses,
            from,
            (endpoint, next, options) => endpoint.Journal.Tail(new TailRequest { Journal = journal.Name, From = next }, options),
            response => response.Next,
            cancellation);
        await foreach (var response in responses.ConfigureAwait(false))
        {
            yield return response;
        }
    }
}
