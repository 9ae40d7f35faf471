using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Requests by id. An ended request is remembered until its client has acknowledged it, its retention is over, or there
/// are too many; all three are decided by journaled numbers and journal time, so every replay forgets alike.
/// </summary>
internal sealed class RequestTable
{
    private readonly Dictionary<UInt128, Request> byId = [];
    private readonly Dictionary<UInt128, Client> clients = [];
    private Request? oldestEnded;
    private Request? newestEnded;

    public int Count => byId.Count;

    public int EndedCount { get; private set; }

    /// <summary>In ascending order of their ids.</summary>
    public IEnumerable<Client> Clients => clients.Values.OrderBy(client => client.Id);

    public bool TryGet(RequestId id, [NotNullWhen(true)] out Request? request) => byId.TryGetValue(id.Value, out request);

    public Client? ClientOrNull(ClientId id) => clients.GetValueOrDefault(id.Value);

    public void Add(Client client) => clients.Add(client.Id.Value, client);

    public void Add(Request request)
    {
        byId.Add(request.Id.Value, request);
        if (request.Client is { } client)
        {
            client.RequestCount++;
        }
    }

    /// <summary>One lease of the request ended.</summary>
    public void CountEnd(PartitionState state, in EntryContext context, Request request)
    {
        request.HeldCount--;
        Invariant.Check(request.HeldCount >= 0, "a request's count of leases is never negative");
        if (request.HeldCount > 0)
        {
            return;
        }

        state.Hasher.Remove(request);
        request.EndedPosition = context.Position;
        request.EndedAt = context.Time;
        state.Hasher.Add(request);
        AddEnded(request);
        if (request.Client is { } client && request.ClientSequence <= client.Acknowledged)
        {
            Forget(state, request);
        }
    }

    /// <summary>Puts an ended request at the end of the line of those to forget.</summary>
    public void AddEnded(Request request)
    {
        request.EndedBefore = newestEnded;
        if (newestEnded is null)
        {
            oldestEnded = request;
        }
        else
        {
            newestEnded.EndedAfter = request;
        }

        newestEnded = request;
        EndedCount++;
        request.Client?.Ended.Enqueue(request, request.ClientSequence.Value);
    }

    /// <summary>The client has acknowledged its requests up to a number.</summary>
    public void Acknowledge(PartitionState state, Client client, ClientSequence acknowledged)
    {
        if (acknowledged <= client.Acknowledged)
        {
            return;
        }

        state.Hasher.Remove(client);
        client.Acknowledged = acknowledged;
        state.Hasher.Add(client);
        while (client.Ended.TryPeek(out var request, out var sequence) && sequence <= acknowledged.Value)
        {
            client.Ended.Dequeue();
            if (IsRemembered(request))
            {
                Forget(state, request);
            }
        }
    }

    /// <summary>Forgets what retention no longer covers, as much as one entry may.</summary>
    public void Prune(PartitionState state, JournalTime time)
    {
        for (var budget = Limits.ForgottenPerEntryMax; budget > 0 && oldestEnded is { } oldest; budget--)
        {
            var over = oldest.EndedAt.Plus(state.Settings.RequestRetention) < time || EndedCount > state.Settings.EndedRequestsMax;
            if (!over)
            {
                return;
            }

            Forget(state, oldest);
        }
    }

    private bool IsRemembered(Request request) => TryGet(request.Id, out var known) && ReferenceEquals(known, request);

    private void Forget(PartitionState state, Request request)
    {
        Invariant.Check(request.HeldCount == 0, "only an ended request is forgotten");
        foreach (var lease in request.Leases())
        {
            state.Hasher.Remove(lease);
            state.Leases.All.Remove(lease);
        }

        Unlink(request);
        state.Hasher.Remove(request);
        byId.Remove(request.Id.Value);
        if (request.Client is { } client && --client.RequestCount == 0)
        {
            state.Hasher.Remove(client);
            clients.Remove(client.Id.Value);
        }
    }

    private void Unlink(Request request)
    {
        if (request.EndedBefore is null)
        {
            oldestEnded = request.EndedAfter;
        }
        else
        {
            request.EndedBefore.EndedAfter = request.EndedAfter;
        }

        if (request.EndedAfter is null)
        {
            newestEnded = request.EndedBefore;
        }
        else
        {
            request.EndedAfter.EndedBefore = request.EndedBefore;
        }

        request.EndedBefore = null;
        request.EndedAfter = null;
        EndedCount--;
    }
}
