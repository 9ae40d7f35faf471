using ControlPlane.Primitives;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>Turns entries into demand and fleet events, with the true state (before each entry) at hand to say what they mean.</summary>
internal sealed class DemandReader(IReadOnlyList<IServing> servings)
{
    private readonly Dictionary<ulong, ulong> _expiredOn = [];
    private readonly Dictionary<ulong, string> _workers = [];
    private readonly Dictionary<string, UInt128> _incarnations = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> _current = new(StringComparer.Ordinal);

    /// <summary>What was there before the first entry.</summary>
    /// <param name="state">Before the first entry.</param>
    /// <param name="time">Of the first entry.</param>
    public void Begin(PartitionState state, JournalTime time)
    {
        foreach (var worker in state.Workers())
        {
            Know(worker.Registration.Value, worker.Name.Value, worker.Incarnation, worker.Standing == WorkerStanding.Lost);
            Tell(serving => serving.Registered(new WorkerFacts(worker.Name.Value, worker.CapacitySandboxes, worker.CapacityMemoryMib), starts: false));
            Tell(serving => serving.Ordered(worker.Name.Value, worker.Standing == WorkerStanding.Ready, worker.Standing == WorkerStanding.Draining));
        }

        foreach (var function in state.Functions(allVersions: true))
        {
            Tell(serving => serving.Deployed(function.Position.Value, function.Definition));
            if (function.IsCurrent)
            {
                _current[function.Definition.Name.Value] = function.Position.Value;
            }
            else
            {
                Tell(serving => serving.Superseded(function.Position.Value));
            }
        }

        Tell(serving => serving.MoveTo(time));
        var alive = state.LiveSandboxes().Where(sandbox => sandbox.Standing is not (SandboxStanding.Retired or SandboxStanding.Quarantined));
        foreach (var sandbox in alive.OrderBy(sandbox => sandbox.FreedPosition))
        {
            Tell(serving => serving.Present(new SandboxFacts(
                sandbox.Worker.Name.Value,
                sandbox.Function.Position.Value,
                sandbox.Booted,
                sandbox.FreedAt,
                sandbox.Lease?.Position.Value,
                sandbox.Lease?.Tenant.Position.Value)));
        }
    }

    /// <summary>The next entry, before it is applied to <paramref name="state"/>.</summary>
    public void See(JournalTime time, ulong position, Entry entry, PartitionState state)
    {
        Tell(serving => serving.MoveTo(time));
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.WorkerRegistered: Register(position, entry.WorkerRegistered); break;
            case Entry.KindOneofCase.WorkerLost: Lose(NameOf(entry.WorkerLost.Worker), state); break;
            case Entry.KindOneofCase.WorkerCordoned: Order(entry.WorkerCordoned.Worker, takesNew: false, drains: false); break;
            case Entry.KindOneofCase.WorkerUncordoned: Order(entry.WorkerUncordoned.Worker, takesNew: true, drains: false); break;
            case Entry.KindOneofCase.WorkerDraining: Order(entry.WorkerDraining.Worker, takesNew: false, drains: true); break;
            case Entry.KindOneofCase.FunctionDeployed: Deploy(position, entry.FunctionDeployed); break;
            case Entry.KindOneofCase.FunctionDeleted: Delete(entry.FunctionDeleted.Function); break;
            case Entry.KindOneofCase.SandboxCreated: Tell(serving => serving.Created(NameOf(entry.SandboxCreated.Worker))); break;
            case Entry.KindOneofCase.SandboxDied: Die(entry.SandboxDied.Sandbox, state); break;
            case Entry.KindOneofCase.SandboxQuarantined: Die(entry.SandboxQuarantined.Sandbox, state); break;
            case Entry.KindOneofCase.SandboxFenced: Settle(entry.SandboxFenced.Sandbox, isFree: true); break;
            case Entry.KindOneofCase.LeaseGranted: Grant(position, entry.LeaseGranted, state); break;
            case Entry.KindOneofCase.LeaseReleased: Tell(serving => serving.Ended(entry.LeaseReleased.Lease, DemandEnd.Released)); break;
            case Entry.KindOneofCase.LeaseExpired: Expire(entry.LeaseExpired, state); break;
            default: break;
        }
    }

    private static Sandbox? SandboxOf(PartitionState state, ulong position) =>
        state.TryGetSandbox(new SandboxId(state.Partition, new SequenceNumber(position)), out var sandbox) ? sandbox : null;

    private string NameOf(ulong registration) => _workers[registration];

    private void Know(ulong registration, string name, UInt128 incarnation, bool isLost)
    {
        _workers[registration] = name;
        _incarnations[name] = incarnation;
        if (isLost)
        {
            _lost.Add(name);
        }
    }

    private void Register(ulong position, WorkerRegistered entry)
    {
        var incarnation = new UInt128(entry.IncarnationHigh, entry.IncarnationLow);
        var isKnown = _incarnations.TryGetValue(entry.Name, out var before);
        var starts = !isKnown || (entry.KeptSandboxes.Count == 0 && before != incarnation);
        Know(position, entry.Name, incarnation, isLost: false);
        Tell(serving => serving.Registered(new WorkerFacts(entry.Name, entry.CapacitySandboxes, entry.CapacityMemoryMib), starts));
        if (_lost.Remove(entry.Name))
        {
            Tell(serving => serving.Ordered(entry.Name, takesNew: true, drains: false));
        }
    }

    /// <summary>First whoever would have been there too, then the leases that were: elsewhere they end now all the same.</summary>
    private void Lose(string worker, PartitionState state)
    {
        _lost.Add(worker);
        Tell(serving => serving.Lost(worker));
        foreach (var sandbox in state.LiveSandboxes().Where(sandbox => sandbox.Worker.Name.Value == worker && sandbox.Lease is not null).ToArray())
        {
            Tell(serving => serving.Ended(sandbox.Lease!.Position.Value, DemandEnd.WorkerLost));
        }
    }

    private void Order(ulong worker, bool takesNew, bool drains) =>
        Tell(serving => serving.Ordered(NameOf(worker), takesNew, drains));

    private void Deploy(ulong position, FunctionDeployed entry)
    {
        if (_current.TryGetValue(entry.Name, out var before))
        {
            Tell(serving => serving.Superseded(before));
        }

        _current[entry.Name] = position;
        Tell(serving => serving.Deployed(position, new FunctionDefinition
        {
            Name = FunctionName.Create(entry.Name),
            Command = [],
            CodePath = entry.CodePath,
            MemoryMib = entry.MemoryMib,
            Timeout = TimeSpan.FromMilliseconds(entry.TimeoutMs),
            WarmTarget = entry.WarmTarget,
            IdleTimeout = TimeSpan.FromMilliseconds(entry.IdleTimeoutMs),
        }));
    }

    private void Delete(ulong function)
    {
        foreach (var name in _current.Where(current => current.Value == function).Select(current => current.Key).ToArray())
        {
            _current.Remove(name);
        }

        Tell(serving => serving.Superseded(function));
    }

    private void Grant(ulong position, LeaseGranted entry, PartitionState state)
    {
        if (SandboxOf(state, entry.Sandbox) is { } sandbox)
        {
            Tell(serving => serving.Granted(new Demand(position, sandbox.Function.Position.Value, entry.Tenant, entry.Warm, sandbox.Worker.Name.Value)));
        }
    }

    /// <summary>An expiry that a renewal has overtaken is void.</summary>
    private void Expire(LeaseExpired entry, PartitionState state)
    {
        if (state.TryGetLease(new LeaseId(state.Partition, new SequenceNumber(entry.Lease)), out var lease) && lease.IsHeld && lease.RenewSequence == entry.RenewSequence)
        {
            _expiredOn[lease.Sandbox!.Position.Value] = entry.Lease;
            Tell(serving => serving.Ended(entry.Lease, DemandEnd.Expired));
        }
    }

    private void Die(ulong position, PartitionState state)
    {
        if (SandboxOf(state, position)?.Lease is { } lease)
        {
            Tell(serving => serving.Ended(lease.Position.Value, DemandEnd.Died));
        }

        Settle(position, isFree: false);
    }

    private void Settle(ulong sandbox, bool isFree)
    {
        if (_expiredOn.Remove(sandbox, out var lease))
        {
            Tell(serving => serving.Settled(lease, isFree));
        }
    }

    private void Tell(Action<IServing> what)
    {
        foreach (var serving in servings)
        {
            what(serving);
        }
    }
}
