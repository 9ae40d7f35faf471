using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>Calls that name their partition, and those that every partition must hear.</summary>
internal sealed class PartitionCaller(CallRunner calls, PlaneRoutes routes, ControlPlaneClientOptions options)
{
    private volatile bool _asked;

    public delegate AsyncUnaryCall<TResponse> Send<TResponse>(PartitionId partition, Endpoint endpoint, CallOptions options);

    /// <summary>How the plane is divided, from any node.</summary>
    public async Task<GetPartitionsResponse> AskAsync(CancellationToken cancellation)
    {
        var response = await calls.RunAsync(
            CallKind.Read, () => routes.Of(default(PartitionId)), options.Deadline, (e, o) => e.Allocator.GetPartitionsAsync(new GetPartitionsRequest(), o), cancellation)
            .ConfigureAwait(false);
        routes.Learn(response.Partitions.Count);
        _asked = true;
        return response;
    }

    /// <summary>Asks one.</summary>
    public Task<TResponse> OneAsync<TResponse>(CallKind kind, PartitionId partition, Send<TResponse> send, CancellationToken cancellation) =>
        calls.RunAsync(kind, () => routes.Of(partition), options.Deadline, (e, o) => send(partition, e, o), cancellation);

    /// <summary>Asks the partition of a function.</summary>
    public Task<TResponse> OfFunctionAsync<TResponse>(CallKind kind, string function, CallRunner.Send<TResponse> send, CancellationToken cancellation) =>
        calls.RunAsync(kind, () => routes.OfFunction(function), options.Deadline, send, cancellation);

    /// <summary>Asks the writer of a journal.</summary>
    public Task<TResponse> OfJournalAsync<TResponse>(CallKind kind, string journal, CallRunner.Send<TResponse> send, CancellationToken cancellation) =>
        calls.RunAsync(kind, () => routes.OfJournal(journal), options.Deadline, send, cancellation);

    /// <summary>Asks each, one after another; the first that refuses ends it. The answers are in the partitions' order.</summary>
    public async Task<IReadOnlyList<TResponse>> EachAsync<TResponse>(CallKind kind, Send<TResponse> send, CancellationToken cancellation)
    {
        var answers = new List<TResponse>();
        foreach (var partition in await AllAsync(cancellation).ConfigureAwait(false))
        {
            answers.Add(await OneAsync(kind, partition, send, cancellation).ConfigureAwait(false));
        }

        return answers;
    }

    /// <summary>As <see cref="EachAsync"/>, but some may not know what is spoken of: refused with <paramref name="unknown"/> if none does.</summary>
    public async Task<IReadOnlyList<TResponse>> EachThatKnowsAsync<TResponse>(
        CallKind kind, ErrorReason unknown, Send<TResponse> send, CancellationToken cancellation)
    {
        var answers = new List<TResponse>();
        ControlPlaneException? refusal = null;
        foreach (var partition in await AllAsync(cancellation).ConfigureAwait(false))
        {
            try
            {
                answers.Add(await OneAsync(kind, partition, send, cancellation).ConfigureAwait(false));
            }
            catch (ControlPlaneException refused) when (refused.Reason == unknown)
            {
                refusal = refused;
            }
        }

        return answers.Count > 0 || refusal is null ? answers : throw refusal;
    }

    /// <summary>Asks one after another until one knows what is spoken of.</summary>
    public async Task<TResponse> FirstThatKnowsAsync<TResponse>(CallKind kind, ErrorReason unknown, Send<TResponse> send, CancellationToken cancellation)
    {
        var partitions = await AllAsync(cancellation).ConfigureAwait(false);
        foreach (var partition in partitions.SkipLast(1))
        {
            try
            {
                return await OneAsync(kind, partition, send, cancellation).ConfigureAwait(false);
            }
            catch (ControlPlaneException refused) when (refused.Reason == unknown)
            {
                // The next may know.
            }
        }

        return await OneAsync(kind, partitions[^1], send, cancellation).ConfigureAwait(false);
    }

    /// <summary>All partitions; the plane is asked once how many there are.</summary>
    private async Task<IReadOnlyList<PartitionId>> AllAsync(CancellationToken cancellation)
    {
        if (!_asked)
        {
            await AskAsync(cancellation).ConfigureAwait(false);
        }

        return [.. routes.Map.All];
    }
}
