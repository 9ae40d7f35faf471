using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Sandboxes and every count and list derived from them. A change is bracketed by <see cref="BeginChange"/> and
/// <see cref="EndChange"/>, which take the sandbox out of hash, counts and lists and put it back as it then is.
/// </summary>
internal sealed class SandboxTable(PartitionState state)
{
    public PositionTable<Sandbox> All { get; } = new();

    /// <summary>Given up and not yet verified dead.</summary>
    public int RetiredCount { get; private set; }

    public void Add(Sandbox sandbox)
    {
        All.Add(sandbox);
        sandbox.Worker.Add(sandbox);
        sandbox.Function.SandboxCount++;
        EndChange(sandbox);
    }

    public void Remove(Sandbox sandbox)
    {
        BeginChange(sandbox);
        All.Remove(sandbox);
        sandbox.Worker.Remove(sandbox);
        sandbox.Function.SandboxCount--;
        Deployment.ForgetIfOver(state, sandbox.Function);
    }

    public void BeginChange(Sandbox sandbox)
    {
        state.Hasher.Remove(sandbox);
        Count(sandbox, -1);
        ChainOf(sandbox)?.Remove(sandbox);
    }

    public void EndChange(Sandbox sandbox)
    {
        state.Hasher.Add(sandbox);
        Count(sandbox, +1);
        ChainOf(sandbox)?.Add(sandbox);
        state.Touch(sandbox.Function);
    }

    private static SandboxChain? ChainOf(Sandbox sandbox) => sandbox.Standing switch
    {
        SandboxStanding.Free => sandbox.Function.Free,
        SandboxStanding.Starting => sandbox.Function.Starting,
        _ => null,
    };

    private void Count(Sandbox sandbox, int change)
    {
        sandbox.Function.Add(sandbox.Standing, change);
        RetiredCount += sandbox.Standing == SandboxStanding.Retired ? change : 0;
        if (sandbox.ChargedTo is { } tenant)
        {
            tenant.InUse += change;
            Invariant.Check(tenant.InUse >= 0, "a tenant's use is never negative");
            state.FunctionTable.Charge(sandbox.Function.Family, change);
            state.Affinity.Add(tenant, sandbox.Function, sandbox.Worker, change);
        }
    }
}
