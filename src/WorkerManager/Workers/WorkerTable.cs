using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Workers by registration, and the roster of them in ordinal order of their names.</summary>
internal sealed class WorkerTable
{
    private readonly List<Worker> roster = [];

    public PositionTable<Worker> All { get; } = new();

    public IReadOnlyList<Worker> Roster => roster;

    public bool TryGet(WorkerName name, [NotNullWhen(true)] out Worker? worker)
    {
        var index = Find(name);
        worker = index >= 0 ? roster[index] : null;
        return worker is not null;
    }

    public void Add(Worker worker)
    {
        var index = Find(worker.Name);
        Invariant.Check(index < 0, "a worker has one registration");
        roster.Insert(~index, worker);
        All.Add(worker);
    }

    public void Remove(Worker worker)
    {
        roster.RemoveAt(Find(worker.Name));
        All.Remove(worker);
    }

    private int Find(WorkerName name)
    {
        var low = 0;
        var high = roster.Count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var order = string.CompareOrdinal(roster[middle].Name.Value, name.Value);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle);
        }

        return ~low;
    }
}
