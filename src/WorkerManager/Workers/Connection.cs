using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// A worker dials in. A new incarnation is registered anew and keeps what it found again; the same one only compares
/// inventories. Either way it is then told everything that still holds.
/// </summary>
internal static class Connection
{
    public static void Decide(Reign reign, WorkerConnected command)
    {
        var hello = command.Hello;
        reign.State.WorkerTable.TryGet(hello.Name, out var known);
        if (Refusal(reign, hello, known) is { } rejection)
        {
            reign.Do(new CloseSession(command.Session, rejection));
            return;
        }

        if (known?.Link is { Session: { } replaced } before)
        {
            reign.Do(new CloseSession(replaced, null));
            reign.Sessions.Close(before);
        }

        var worker = IsRegistered(known, hello) ? known! : Register(reign, hello, known);
        var link = worker.Link ??= new WorkerLink(worker);
        link.Worker = worker;
        link.LastHeard = reign.Now;
        link.Quarantined = Inventory.Unknown(reign, worker, hello.Inventory);
        reign.Sessions.Open(command.Session, link);
        Silence.Arm(reign, link);
        if (worker.Orders == WorkerStanding.Draining)
        {
            Draining.Arm(reign, worker);
        }

        reign.Do(new OpenSession(
            command.Session,
            reign.Epoch,
            worker.Position,
            reign.Options.LostAfter,
            HeartbeatInterval(reign),
            reign.State.Settings.DriftPermille,
            link.Quarantined));
        Inventory.Compare(reign, worker, hello.Inventory);
        Inventory.Repeat(reign, worker);
        reign.RoomChanged = true;
    }

    public static void Decide(Reign reign, WorkerDisconnected command)
    {
        if (reign.Sessions.TryGet(reign, command.Session, out var link))
        {
            reign.Sessions.Close(link);
            Silence.Arm(reign, link);
        }
    }

    /// <summary>Grows with the fleet, so that the fleet's heartbeats stay within a rate.</summary>
    public static TimeSpan HeartbeatInterval(Reign reign)
    {
        var fleet = TimeSpan.FromSeconds((double)reign.State.WorkerCount / Math.Max(1, reign.Options.HeartbeatsPerSecond));
        return fleet > reign.Options.HeartbeatInterval ? fleet : reign.Options.HeartbeatInterval;
    }

    private static Rejection? Refusal(Reign reign, WorkerHello hello, Worker? known)
    {
        if (known is null)
        {
            return reign.State.WorkerCount >= Limits.WorkersMax
                ? Refusals.Overloaded("workers", Limits.WorkersMax, reign.Options.RetryAfter)
                : null;
        }

        // Two agents under one name would void each other's sandboxes in turn. The one that is there and speaks stays.
        var speaks = known.Link is { Session: not null } link && reign.Now.Since(link.LastHeard) < 2 * HeartbeatInterval(reign);
        return speaks && known.Incarnation != hello.Incarnation
            ? new Rejection(
                RejectionReason.WrongIncarnation,
                $"Another incarnation of {hello.Name} is connected and alive.",
                [new("current", Identifier128.Format(known.Incarnation))])
            : null;
    }

    private static bool IsRegistered(Worker? known, WorkerHello hello) =>
        known is { IsLost: false }
        && known.Incarnation == hello.Incarnation
        && known.Endpoint == hello.Endpoint
        && known.Zone == hello.Zone
        && known.CapacityMemoryMib == hello.CapacityMemoryMib
        && known.CapacitySandboxes == Capacity(hello)
        && known.Labels.SequenceEqual(hello.Labels);

    private static Worker Register(Reign reign, WorkerHello hello, Worker? known)
    {
        var entry = new WorkerRegistered
        {
            Name = hello.Name.Value,
            IncarnationHigh = (ulong)(hello.Incarnation >> 64),
            IncarnationLow = unchecked((ulong)hello.Incarnation),
            Zone = hello.Zone,
            CapacityMemoryMib = hello.CapacityMemoryMib,
            CapacitySandboxes = Capacity(hello),
            Endpoint = hello.Endpoint,
        };
        foreach (var (name, value) in hello.Labels)
        {
            entry.Labels.Add(new Label { Name = name, Value = value });
        }

        if (known is not null)
        {
            Inventory.BuryMissing(reign, known, hello.Inventory);
            foreach (var kept in known.SandboxesInOrder())
            {
                entry.KeptSandboxes.Add(kept.Position.Value);
            }
        }

        var position = reign.Emit(new Entry { WorkerRegistered = entry });
        return reign.State.WorkerTable.All.Get(position.Value);
    }

    private static uint Capacity(WorkerHello hello) => Math.Min(hello.CapacitySandboxes, Limits.SandboxesPerWorkerMax);
}
