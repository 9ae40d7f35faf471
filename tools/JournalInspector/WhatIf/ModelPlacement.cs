using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>Chooses workers in the model by one policy. What it draws depends on its seed only, so a run can be repeated.</summary>
internal sealed class ModelPlacement(PlacementPolicy policy, int seed)
{
    private const int DrawsPerChoice = 2;
    private readonly List<ModelWorker> _roster = [];
    private readonly Random _draws = new(seed);
    private int _last = -1;

    /// <summary>In ordinal order of names.</summary>
    public IReadOnlyList<ModelWorker> Roster => _roster;

    public void Add(ModelWorker worker)
    {
        var index = _roster.FindIndex(other => string.CompareOrdinal(other.Name, worker.Name) > 0);
        index = index < 0 ? _roster.Count : index;
        _roster.Insert(index, worker);
        _last += index <= _last ? 1 : 0;
    }

    /// <summary>Null if none has room. <paramref name="tenant"/> is null for a refill.</summary>
    public ModelWorker? Choose(ModelFunction function, ulong? tenant)
    {
        var best = -1;
        var bestScore = double.PositiveInfinity;
        var compared = 0;
        for (var i = 0; policy.Compared is { } few && i < few * DrawsPerChoice && compared < few && _roster.Count > 0; i++)
        {
            compared += Compare(_draws.Next(_roster.Count), function, tenant, ref best, ref bestScore) ? 1 : 0;
        }

        // All are looked at, or, as production does it, as many as it takes to find the last room.
        var start = policy.Compared is null || _roster.Count == 0 ? 0 : _draws.Next(_roster.Count);
        for (var i = 0; i < _roster.Count && (policy.Compared is null || compared == 0); i++)
        {
            compared += Compare((start + i) % _roster.Count, function, tenant, ref best, ref bestScore) ? 1 : 0;
        }

        _last = best < 0 ? _last : best;
        return best < 0 ? null : _roster[best];
    }

    private bool Compare(int index, ModelFunction function, ulong? tenant, ref int best, ref double bestScore)
    {
        var worker = _roster[index];
        if (!worker.Fits(function))
        {
            return false;
        }

        var turn = (index - _last - 1 + _roster.Count) % _roster.Count;
        var score = policy.Score(new PlacementCandidate(LoadOf(worker, function, tenant), turn));
        if (score < bestScore)
        {
            (best, bestScore) = (index, score);
        }

        return true;
    }

    private static PlacementLoad LoadOf(ModelWorker worker, ModelFunction function, ulong? tenant)
    {
        var same = worker.Sandboxes.Where(sandbox => sandbox.Function == function).ToArray();
        return new PlacementLoad
        {
            SandboxesAfter = worker.Sandboxes.Count + 1,
            CapacitySandboxes = worker.CapacitySandboxes,
            MemoryPeakMib = worker.MemoryMib + function.MemoryMib,
            CapacityMemoryMib = worker.CapacityMemoryMib,
            OfFunction = same.Length,
            OfTenant = tenant is null ? 0 : same.Count(sandbox => sandbox.Lease is not null && sandbox.Tenant == tenant),
        };
    }
}
