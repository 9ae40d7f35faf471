using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>A sandbox comes to belong to one holder, and a request to be remembered.</summary>
internal static class Grants
{
    public static void Apply(PartitionState state, in EntryContext context, LeaseGranted entry)
    {
        var sandbox = state.Sandboxes.All.Get(entry.Sandbox);
        Invariant.Check(sandbox.Lease is null, "a sandbox is never held by two leases");
        Invariant.Check(sandbox.Standing is SandboxStanding.Free or SandboxStanding.Starting, "only a sandbox that may be granted is granted");
        Invariant.Check(context.Position > sandbox.HighestFence, "tokens of a sandbox strictly increase");
        Invariant.Check(!entry.Warm || sandbox.Booted, "a warm sandbox has booted");

        var request = RequestOf(state, entry);
        var lease = new Lease(context.Position)
        {
            Epoch = context.Epoch,
            Request = request,
            Sandbox = sandbox,
            Ttl = Milliseconds.From(entry.TtlMs),
            ConfirmWithin = Milliseconds.From(entry.ConfirmWithinMs),
            Warm = entry.Warm,
            Reason = entry.Reason,
        };

        state.Sandboxes.BeginChange(sandbox);
        sandbox.Standing = SandboxStanding.Leased;
        sandbox.HighestFence = context.Position;
        sandbox.ChargedTo = request.Tenant;
        state.Leases.Add(lease);
        state.Sandboxes.EndChange(sandbox);
        state.Hasher.Add(lease);
    }

    private static Request RequestOf(PartitionState state, LeaseGranted entry)
    {
        var id = new RequestId(new UInt128(entry.RequestHigh, entry.RequestLow));
        if (entry.RequestIndex > 0)
        {
            var found = state.Requests.TryGet(id, out var known);
            Invariant.Check(found, "the leases of a request follow its first");
            return known!;
        }

        Invariant.Check(!state.Requests.TryGet(id, out _), "a request is granted once");
        var request = new Request(id, state.Tenants.All.Get(entry.Tenant))
        {
            Client = ClientOf(state, entry),
            ClientSequence = new(entry.ClientSequence),
            Count = entry.RequestCount,
            ParametersHash = entry.ParametersHash,
        };
        state.Requests.Add(request);
        state.Hasher.Add(request);
        if (request.Client is { } client)
        {
            state.Requests.Acknowledge(state, client, new(entry.ClientAcknowledged));
        }

        return request;
    }

    private static Client? ClientOf(PartitionState state, LeaseGranted entry)
    {
        var id = new ClientId(new UInt128(entry.ClientHigh, entry.ClientLow));
        if (id.Value == 0)
        {
            return null;
        }

        if (state.Requests.ClientOrNull(id) is { } known)
        {
            return known;
        }

        var client = new Client(id);
        state.Requests.Add(client);
        state.Hasher.Add(client);
        return client;
    }
}
