using System.Collections.Concurrent;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Processes;
using ControlPlane.Worker.Storage;
using SandboxId = ControlPlane.Primitives.SandboxId;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>All sandboxes of a worker; at most <see cref="WorkerAgentOptions.CapacitySandboxes"/>.</summary>
internal sealed class SandboxTable(AgentDirectory directory, SandboxSurroundings around)
{
    private readonly ConcurrentDictionary<SandboxId, (Sandbox Sandbox, Task Life)> _sandboxes = new();
    private readonly EndedSandboxes _ended = new(directory.LogsRoot, around.Options.Sandbox.EndedLogsMax);

    private readonly Arrivals _arrivals = new();
    private readonly DescriptorBudget _descriptors = DescriptorBudget.OfThisProcess();

    public int Count => _sandboxes.Count;

    public IEnumerable<Sandbox> All => _sandboxes.Values.Select(pair => pair.Sandbox);

    /// <summary>Those that a partition of the plane has asked for.</summary>
    public IEnumerable<Sandbox> Of(PartitionId partition) => All.Where(sandbox => sandbox.Id.Partition == partition);

    /// <summary>Those that ended lately, with the reason, oldest first: told again after a reconnect.</summary>
    public IReadOnlyCollection<(SandboxId Id, string Reason)> Ended => _ended.Recent();

    public Sandbox? Find(SandboxId id) => _sandboxes.TryGetValue(id, out var found) ? found.Sandbox : null;

    /// <summary>As <see cref="Find"/>, but gives a sandbox that was never here <paramref name="patience"/> to come.</summary>
    public ValueTask<Sandbox?> FindAsync(SandboxId id, TimeSpan patience, CancellationToken cancelled) =>
        Find(id) is { } here ? new(here)
        : _ended.ReasonOf(id) is not null ? new((Sandbox?)null)
        : new(_arrivals.WaitAsync(id, Find, patience, around.Time, cancelled));

    /// <summary>
    /// Starts a sandbox that the plane asked for. Asked again, it says again what is known: a sandbox is started once, ever.
    /// </summary>
    public void Create(SandboxId id, FunctionSpec function)
    {
        if (Find(id) is { } existing)
        {
            if (existing.Phase == SandboxPhase.Ready)
            {
                around.Reports.Ready(id, existing.Boot);
            }
        }
        else if (_ended.ReasonOf(id) is { } reason)
        {
            around.Reports.Died(id, reason);
        }
        else if (Count >= around.Options.CapacitySandboxes)
        {
            End(id, $"the worker has its {around.Options.CapacitySandboxes} sandboxes already");
        }
        else if (!_descriptors.Admits(Count + 1))
        {
            End(id, MachineFailure.NoDescriptors);
        }
        else if (ProblemOf(function) is { } problem)
        {
            End(id, problem);
        }
        else
        {
            StoreAndStart(id, function);
        }
    }

    /// <summary>Starts again, under their ids and with their gates' memory, what an earlier agent had; its other logs are pruned.</summary>
    public void Revive(IReadOnlyList<SavedSandbox> saved)
    {
        _ended.TakeOverLogs(saved.Select(sandbox => sandbox.Id));
        foreach (var sandbox in saved)
        {
            if (_descriptors.Admits(Count + 1))
            {
                Start(sandbox, restarted: true);
            }
            else
            {
                Forget(sandbox);
                End(sandbox.Id, MachineFailure.NoDescriptors);
            }
        }
    }

    /// <summary>Ends a sandbox; what is not here is reported died, so that the plane need not wait.</summary>
    public void Destroy(SandboxId id)
    {
        if (Find(id) is { } sandbox)
        {
            sandbox.RequestEnd(EndRequest.Die("retired"));
        }
        else
        {
            around.Reports.Died(id, _ended.ReasonOf(id) ?? "not on this worker");
        }
    }

    /// <summary>Ends all processes, keeping what the next agent needs to revive the sandboxes.</summary>
    public async Task StopAsync()
    {
        var all = _sandboxes.Values.ToArray();
        Array.ForEach(all, pair => pair.Sandbox.RequestEnd(EndRequest.AgentStops));
        await Task.WhenAll(all.Select(pair => pair.Life));
    }

    private void StoreAndStart(SandboxId id, FunctionSpec function)
    {
        SandboxDirectory stored;
        try
        {
            stored = SandboxDirectory.Create(directory.SandboxesRoot, id, function);
        }
        catch (IOException e)
        {
            End(id, $"it could not be stored: {MachineFailure.CauseOf(e)}");
            return;
        }

        Start(new SavedSandbox(id, function, SequenceNumber.None, stored), restarted: false);
    }

    private void Start(SavedSandbox saved, bool restarted)
    {
        WorkerLog.SandboxStarting(around.Logger, saved.Id, saved.Function.Name, saved.Function.Version);
        var sandbox = new Sandbox(saved, restarted, _ended.LogPathOf(saved.Id), around);
        // Entered before it can end, so that its end finds it here.
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var added = _sandboxes.TryAdd(saved.Id, (sandbox, LiveAsync(sandbox, saved, go.Task)));
        Invariant.Check(added, "a sandbox is started once");
        _arrivals.Tell();
        go.SetResult();
    }

    private async Task LiveAsync(Sandbox sandbox, SavedSandbox saved, Task go)
    {
        await go;
        try
        {
            var end = await sandbox.LiveAsync();
            if (end.Next == AfterEnd.Die)
            {
                Forget(saved);
                End(saved.Id, end.Reason);
            }
        }
        catch (Exception e)
        {
            // Nobody awaits this task before the agent stops, so whatever it is must be said here.
            // The sandbox stays in the table, unusable and visible, rather than be reported died without proof.
            WorkerLog.SandboxFault(around.Logger, saved.Id, e);
        }
    }

    /// <summary>What cannot be deleted is revived by the next agent, and ended by the plane, which does not know it any more.</summary>
    private void Forget(SavedSandbox saved)
    {
        try
        {
            saved.Directory.Delete();
        }
        catch (IOException e)
        {
            WorkerLog.StateKept(around.Logger, saved.Id, MachineFailure.CauseOf(e));
        }
    }

    private void End(SandboxId id, string reason)
    {
        _ended.Add(id, reason);
        _sandboxes.TryRemove(id, out _);
        around.Metrics.Died();
        WorkerLog.SandboxEnded(around.Logger, id, reason);
        around.Reports.Died(id, reason);
    }

    private static string? ProblemOf(FunctionSpec? function) => function switch
    {
        null => "no function was named",
        { Command.Count: 0 } => "the function's command is empty",
        { TimeoutMs: 0 } => "the function's timeout is zero",
        { MemoryMib: 0 } => "the function's memory is zero",
        _ when !Directory.Exists(function.CodePath) => $"the code path {function.CodePath} is not a directory",
        _ => null,
    };
}
