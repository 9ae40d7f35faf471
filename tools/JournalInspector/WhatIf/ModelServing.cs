using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>
/// Serves the demand in a model of the fleet, with production's rules except for where new sandboxes go: the most recently
/// used free sandbox (one on a worker where the tenant already runs the function before others), else one that starts, else a
/// new one, if need be in the place of the least recently used.
/// </summary>
internal sealed class ModelServing(PlacementPolicy policy, BootTimes boots, int seed) : IServing
{
    private readonly Dictionary<string, ModelWorker> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, ModelFunction> _functions = [];
    private readonly Dictionary<ulong, ModelSandbox> _leases = [];
    private readonly Dictionary<ulong, ModelSandbox> _unsettled = [];
    private readonly PriorityQueue<ModelFunction, long> _idle = new();
    private readonly ModelPlacement _placement = new(policy, seed);
    private readonly WorkerUse _use = new();
    private JournalTime _now;
    private int _warm;
    private int _cold;
    private int _noRoom;
    private int _started;
    private int _evicted;
    private int _cutShort;
    private TimeSpan _waited;

    public void Present(SandboxFacts facts)
    {
        var sandbox = Put(_workers[facts.Worker], _functions[facts.Function], facts.IsBooted ? TimeSpan.Zero : boots.Of(facts.Function));
        if (facts.Lease is { } lease)
        {
            Hold(sandbox, lease, facts.Tenant ?? 0, counts: false);
        }
        else
        {
            Rest(sandbox, facts.FreedAt);
        }
    }

    public void MoveTo(JournalTime now)
    {
        _use.MoveTo(now);
        while (_idle.TryPeek(out var function, out var due) && due <= now.Nanoseconds)
        {
            _idle.Dequeue();
            _now = JournalTime.Max(_now, new JournalTime(due));
            RetireIdle(function);
        }

        _now = now;
    }

    public void Registered(WorkerFacts facts, bool starts)
    {
        if (!_workers.TryGetValue(facts.Name, out var worker))
        {
            _workers.Add(facts.Name, worker = new ModelWorker(facts.Name));
            _placement.Add(worker);
            _use.Add(facts.Name);
        }

        if (starts)
        {
            Clear(worker);
        }

        (worker.CapacitySandboxes, worker.CapacityMemoryMib, worker.IsLost) = (facts.CapacitySandboxes, facts.CapacityMemoryMib, false);
    }

    public void Lost(string worker)
    {
        Clear(_workers[worker]);
        _workers[worker].IsLost = true;
    }

    public void Ordered(string worker, bool takesNew, bool drains)
    {
        (_workers[worker].TakesNew, _workers[worker].Drains) = (takesNew, drains);
        foreach (var sandbox in _workers[worker].Sandboxes.Where(sandbox => drains && sandbox.Lease is null).ToArray())
        {
            Remove(sandbox);
        }
    }

    public void Deployed(ulong function, FunctionDefinition definition)
    {
        var made = new ModelFunction(function) { MemoryMib = definition.MemoryMib, WarmTarget = definition.WarmTarget, IdleTimeout = definition.IdleTimeout };
        _functions.Add(function, made);
    }

    public void Superseded(ulong function)
    {
        var over = _functions[function];
        over.IsCurrent = false;
        foreach (var sandbox in over.Free.Concat(over.Starting).ToArray())
        {
            Remove(sandbox);
        }
    }

    public void Created(string worker)
    {
    }

    public void Granted(Demand demand)
    {
        var function = _functions[demand.Function];
        Boot(function);
        if (Warm(function, demand.Tenant) is { } warm)
        {
            _warm++;
            Hold(warm, demand.Lease, demand.Tenant, counts: true);
        }
        else if ((function.Starting.FirstOrDefault() ?? Start(function, demand.Tenant) ?? StartInPlaceOfAnother(function, demand.Tenant)) is { } cold)
        {
            _cold++;
            _waited += cold.ReadyAt.Since(_now);
            Hold(cold, demand.Lease, demand.Tenant, counts: true);
        }
        else
        {
            _noRoom++;
        }

        Refill(function);
    }

    public void Ended(ulong lease, DemandEnd end)
    {
        if (!_leases.Remove(lease, out var sandbox))
        {
            return;
        }

        _use.End(lease);
        sandbox.Lease = null;
        if (end == DemandEnd.Expired)
        {
            _unsettled.Add(lease, sandbox);
        }
        else if (end == DemandEnd.Died)
        {
            Remove(sandbox);
            Refill(sandbox.Function);
        }
        else
        {
            Rest(sandbox, _now);
        }
    }

    public void Settled(ulong lease, bool isFree)
    {
        if (_unsettled.Remove(lease, out var sandbox))
        {
            if (isFree)
            {
                Rest(sandbox, _now);
            }
            else
            {
                Remove(sandbox);
            }
        }
    }

    public WhatIfOutcome Report() => new(
        policy.Name, policy.Summary, _warm, _cold, _noRoom, _waited.TotalMilliseconds, _started, _evicted, _cutShort, _use.Report());

    private static ModelSandbox? Warm(ModelFunction function, ulong tenant)
    {
        var usable = default(ModelSandbox);
        for (var i = function.Free.Count - 1; i >= Math.Max(0, function.Free.Count - Limits.StickyScanMax); i--)
        {
            var sandbox = function.Free[i];
            if (!sandbox.Worker.TakesNew)
            {
                continue;
            }

            if (sandbox.Worker.Sandboxes.Exists(other => other.Lease is not null && other.Function == function && other.Tenant == tenant))
            {
                return sandbox;
            }

            usable ??= sandbox;
        }

        return usable ?? function.Free.FindLast(sandbox => sandbox.Worker.TakesNew);
    }

    private ModelSandbox? Start(ModelFunction function, ulong? tenant)
    {
        if (_placement.Choose(function, tenant) is not { } host)
        {
            return null;
        }

        _started++;
        _use.Start(host.Name);
        return Put(host, function, boots.Of(function.Position));
    }

    private ModelSandbox? StartInPlaceOfAnother(ModelFunction function, ulong tenant)
    {
        var victim = _functions.Values
            .Where(other => other.Free.Count > other.WarmTarget)
            .SelectMany(other => other.Free)
            .Where(sandbox => sandbox.Worker.TakesNew && function.MemoryMib <= sandbox.Worker.CapacityMemoryMib)
            .MinBy(sandbox => sandbox.FreedAt);
        if (victim is null)
        {
            return null;
        }

        _evicted++;
        Remove(victim);
        return Start(function, tenant) ?? StartInPlaceOfAnother(function, tenant);
    }

    private ModelSandbox Put(ModelWorker worker, ModelFunction function, TimeSpan boot)
    {
        var sandbox = new ModelSandbox(worker, function) { ReadyAt = _now.Plus(boot) };
        worker.Sandboxes.Add(sandbox);
        worker.MemoryMib += function.MemoryMib;
        return sandbox;
    }

    private void Hold(ModelSandbox sandbox, ulong lease, ulong tenant, bool counts)
    {
        sandbox.Function.Free.Remove(sandbox);
        sandbox.Function.Starting.Remove(sandbox);
        (sandbox.Lease, sandbox.Tenant) = (lease, tenant);
        _leases.Add(lease, sandbox);
        _use.Begin(sandbox.Worker.Name, lease, counts);
    }

    /// <summary>Nobody holds it: it waits for the next, or goes if nothing may be leased there.</summary>
    private void Rest(ModelSandbox sandbox, JournalTime since)
    {
        if (!sandbox.Function.IsCurrent || sandbox.Worker.Drains)
        {
            Remove(sandbox);
            return;
        }

        sandbox.FreedAt = sandbox.ReadyAt <= _now ? since : sandbox.ReadyAt;
        (sandbox.ReadyAt <= _now ? sandbox.Function.Free : sandbox.Function.Starting).Add(sandbox);
        Arm(sandbox.Function);
    }

    private static void Remove(ModelSandbox sandbox)
    {
        sandbox.Function.Free.Remove(sandbox);
        sandbox.Function.Starting.Remove(sandbox);
        sandbox.Worker.Sandboxes.Remove(sandbox);
        sandbox.Worker.MemoryMib -= sandbox.Function.MemoryMib;
    }

    /// <summary>Everything on the worker is gone, and with it the leases that were held there.</summary>
    private void Clear(ModelWorker worker)
    {
        foreach (var sandbox in worker.Sandboxes.ToArray())
        {
            if (sandbox.Lease is { } lease)
            {
                _cutShort++;
                _leases.Remove(lease);
                _use.End(lease);
            }

            Remove(sandbox);
        }

        foreach (var (lease, _) in _unsettled.Where(unsettled => unsettled.Value.Worker == worker).ToArray())
        {
            _unsettled.Remove(lease);
        }
    }

    private void Boot(ModelFunction function)
    {
        while (function.Starting.FirstOrDefault() is { } first && first.ReadyAt <= _now)
        {
            function.Starting.RemoveAt(0);
            function.Free.Add(first);
        }

        Arm(function);
    }

    private void Refill(ModelFunction function)
    {
        while (function.IsCurrent && function.Free.Count + function.Starting.Count < function.WarmTarget && Start(function, tenant: null) is { } started)
        {
            function.Starting.Add(started);
        }
    }

    private void Arm(ModelFunction function)
    {
        if (function.IdleTimeout > TimeSpan.Zero && function.Free.Count > function.WarmTarget)
        {
            _idle.Enqueue(function, function.Free[0].FreedAt.Plus(function.IdleTimeout).Nanoseconds);
        }
    }

    private void RetireIdle(ModelFunction function)
    {
        while (function.Free.Count > function.WarmTarget && function.Free[0].FreedAt.Plus(function.IdleTimeout) <= _now)
        {
            Remove(function.Free[0]);
        }
    }
}
