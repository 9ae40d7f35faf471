using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.WorkerManager.Tests.Scenarios;

/// <summary>A worker with a gate: boots, ends and fences sandboxes at once, unless a test tells it to be slow.</summary>
internal sealed class SimulatedWorker(string name, uint sandboxes, uint memory, string zone, (string Name, string Value)[] labels)
{
    private readonly Dictionary<SandboxId, InventoryItem> inventory = [];

    public WorkerName Name { get; } = WorkerName.Create(name);

    public UInt128 Incarnation { get; private set; } = 1;

    public SessionId Session { get; set; }

    public bool Boots { get; set; } = true;

    public bool Fences { get; set; } = true;

    public bool Ends { get; set; } = true;

    public bool Beats { get; set; } = true;

    public double Cpu { get; set; }

    public double Cores { get; set; } = 4;

    public ulong MemoryUsedMib { get; set; }

    public List<WorkerEffect> Received { get; } = [];

    public IReadOnlyDictionary<SandboxId, InventoryItem> Inventory => inventory;

    public IReadOnlyList<SandboxId> Quarantined => Received.OfType<OpenSession>().Last().Quarantine;

    public WorkerHello Hello() => new(
        Name,
        Incarnation,
        zone,
        [.. labels.Select(label => KeyValuePair.Create(label.Name, label.Value))],
        memory,
        sandboxes,
        $"http://{Name}:7071",
        [.. inventory.Values]);

    /// <summary>The agent starts anew; sandboxes survive only if it found them again.</summary>
    public void Restart(bool keepsSandboxes)
    {
        Incarnation++;
        if (!keepsSandboxes)
        {
            inventory.Clear();
        }
    }

    public void Has(SandboxId sandbox, ulong highestPosition = 0, InventoryState state = InventoryState.Ready) =>
        inventory[sandbox] = new(sandbox, state, new(highestPosition));

    public void Loses(SandboxId sandbox) => inventory.Remove(sandbox);

    /// <summary>What the worker answers to a message.</summary>
    public IEnumerable<Command> Receive(WorkerEffect message)
    {
        Received.Add(message);
        return message switch
        {
            CreateSandbox create => Create(create.Sandbox),
            DestroySandbox destroy => Destroy(destroy.Sandbox),
            Grant grant => See(grant.Sandbox, grant.Fence.Position),
            Revoke revoke => Fence(revoke),
            _ => [],
        };
    }

    public Command Boot(SandboxId sandbox)
    {
        Has(sandbox, inventory[sandbox].HighestPosition.Value);
        return new SandboxBecameReady(Session, sandbox);
    }

    public Command Die(SandboxId sandbox, string reason = "exited with code 1")
    {
        inventory.Remove(sandbox);
        return new SandboxDied(Session, sandbox, reason);
    }

    private IEnumerable<Command> Create(SandboxId sandbox)
    {
        if (!inventory.ContainsKey(sandbox))
        {
            Has(sandbox, state: InventoryState.Starting);
        }

        return Boots ? [Boot(sandbox)] : [];
    }

    private IEnumerable<Command> Destroy(SandboxId sandbox) => Ends ? [Die(sandbox, "retired")] : [];

    private IEnumerable<Command> Fence(Revoke revoke)
    {
        if (!Fences)
        {
            return [];
        }

        See(revoke.Sandbox, revoke.Floor);
        return !revoke.Acknowledge ? [] : [new FloorAcknowledged(Session, revoke.Sandbox, revoke.Floor)];
    }

    private IEnumerable<Command> See(SandboxId sandbox, SequenceNumber position)
    {
        if (inventory.TryGetValue(sandbox, out var item))
        {
            Assert.True(position >= item.HighestPosition, "a gate is never shown a lower token than before");
            inventory[sandbox] = item with { HighestPosition = position };
        }

        return [];
    }
}
