using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>One sandbox that a plan takes: an existing one, or a new one on <paramref name="Host"/>.</summary>
internal readonly record struct Pick(FunctionVersion Function, Sandbox? Sandbox, Worker? Host, ChoiceReason Reason, bool Warm);

/// <summary>
/// What a decision would take, before anything is journaled: all or none is then a matter of not carrying it out. What it
/// has taken is stamped, so that it takes nothing twice. Reused from decision to decision.
/// </summary>
internal sealed class AllocationPlan
{
    public List<Pick> Picks { get; } = [];

    public ulong Stamp { get; private set; }

    public void Begin()
    {
        Stamp++;
        Picks.Clear();
    }

    public bool Has(Sandbox sandbox) => sandbox.PlanStamp == Stamp;

    public int CountOf(FunctionFamily family)
    {
        var count = 0;
        foreach (var pick in Picks)
        {
            count += ReferenceEquals(pick.Function.Family, family) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Picks of functions for which nothing is set aside.</summary>
    public int CountUnreserved()
    {
        var count = 0;
        foreach (var pick in Picks)
        {
            count += pick.Function.Family.Reserved == 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Slots that the plan takes on a worker, and their memory.</summary>
    public (int Slots, ulong MemoryMib) TakenOn(Worker worker) =>
        worker.Planned.Stamp == Stamp ? (worker.Planned.Slots, worker.Planned.MemoryMib) : default;

    public void Take(Sandbox sandbox, ChoiceReason reason, bool warm)
    {
        sandbox.PlanStamp = Stamp;
        Picks.Add(new Pick(sandbox.Function, sandbox, null, reason, warm));
    }

    public void Take(Worker host, FunctionVersion function)
    {
        var (slots, memory) = TakenOn(host);
        host.Planned = (Stamp, slots + 1, memory + function.Definition.MemoryMib);
        Picks.Add(new Pick(function, null, host, ChoiceReason.Reserved, Warm: false));
    }
}
