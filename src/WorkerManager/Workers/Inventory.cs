using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// What a worker has against what the journal says it has. A difference quarantines and never kills: whatever the plane
/// does not know may be somebody's live work.
/// </summary>
internal static class Inventory
{
    public static void Decide(Reign reign, InventoryReported command)
    {
        if (reign.Sessions.TryGet(reign, command.Session, out var link))
        {
            link.Quarantined = Unknown(reign, link.Worker, command.Inventory);
            Compare(reign, link.Worker, command.Inventory);
            reign.RoomChanged = true;
        }
    }

    /// <summary>Sandboxes that the worker has and the plane does not know as its own.</summary>
    public static SandboxId[] Unknown(Reign reign, Worker worker, IReadOnlyList<InventoryItem> items)
    {
        var unknown = new List<SandboxId>();
        foreach (var item in items)
        {
            var known = reign.State.TryGetSandbox(item.Sandbox, out var sandbox) && ReferenceEquals(sandbox.Worker, worker);
            if (!known && unknown.Count < Limits.QuarantinedPerWorkerMax)
            {
                unknown.Add(item.Sandbox);
            }
        }

        return [.. unknown];
    }

    /// <summary>A new incarnation does not have these: they ended with the one before.</summary>
    public static void BuryMissing(Reign reign, Worker worker, IReadOnlyList<InventoryItem> items)
    {
        var present = ById(items);
        foreach (var sandbox in worker.SandboxesInOrder())
        {
            if (!present.ContainsKey(reign.IdOf(sandbox)))
            {
                SandboxEvents.Bury(reign, sandbox, "ended with an earlier incarnation of its worker");
            }
        }
    }

    /// <summary>Brings the plane's picture in line with what the worker has.</summary>
    public static void Compare(Reign reign, Worker worker, IReadOnlyList<InventoryItem> items)
    {
        var present = ById(items);
        foreach (var sandbox in worker.SandboxesInOrder())
        {
            if (present.TryGetValue(reign.IdOf(sandbox), out var item))
            {
                Compare(reign, sandbox, item);
            }
            else if (sandbox.Booted || sandbox.Standing == SandboxStanding.Retired)
            {
                SandboxEvents.Bury(reign, sandbox, "missing from its worker's inventory");
            }
            else
            {
                Creation.Tell(reign, sandbox);
            }
        }
    }

    /// <summary>Tells the worker again what holds: grants, floors (one may have been lost on the way), sandboxes to end.</summary>
    public static void Repeat(Reign reign, Worker worker)
    {
        foreach (var sandbox in worker.SandboxesInOrder())
        {
            if (sandbox.Lease is { } lease)
            {
                GateMessages.Grant(reign, lease);
            }
            else if (sandbox.Standing is SandboxStanding.Releasing or SandboxStanding.Free && sandbox.HighestFence != SequenceNumber.None)
            {
                GateMessages.Revoke(reign, sandbox);
            }
            else if (sandbox.Standing == SandboxStanding.Retired && worker.Link?.Session is { } session)
            {
                reign.Do(new DestroySandbox(session, reign.IdOf(sandbox)));
            }
        }
    }

    private static void Compare(Reign reign, Sandbox sandbox, in InventoryItem item)
    {
        if (sandbox.Standing is SandboxStanding.Retired or SandboxStanding.Quarantined)
        {
            return;
        }

        if (item.HighestPosition > sandbox.HighestFence)
        {
            Quarantine(reign, sandbox, $"its gate has seen position {item.HighestPosition}, the journal says {sandbox.HighestFence}");
        }
        else if (item.State == InventoryState.Quarantined)
        {
            Quarantine(reign, sandbox, "its worker has quarantined it");
        }
        else if (item.State == InventoryState.Ready && !sandbox.Booted)
        {
            SandboxEvents.Ready(reign, sandbox);
        }
    }

    private static void Quarantine(Reign reign, Sandbox sandbox, string reason) =>
        reign.Emit(new Entry { SandboxQuarantined = new SandboxQuarantined { Sandbox = sandbox.Position.Value, Reason = reason } });

    private static Dictionary<SandboxId, InventoryItem> ById(IReadOnlyList<InventoryItem> items)
    {
        var byId = new Dictionary<SandboxId, InventoryItem>(items.Count);
        foreach (var item in items)
        {
            byId[item.Sandbox] = item;
        }

        return byId;
    }
}
