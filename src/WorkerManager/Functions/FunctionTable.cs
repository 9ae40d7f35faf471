using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Function versions by position, names by text, and the concurrency set aside among them.</summary>
internal sealed class FunctionTable
{
    private readonly SortedDictionary<string, FunctionFamily> byName = new(StringComparer.Ordinal);

    public PositionTable<FunctionVersion> Versions { get; } = new();

    /// <summary>In ordinal order of their names.</summary>
    public IReadOnlyCollection<FunctionFamily> Families => byName.Values;

    /// <summary>Sum over names of what is set aside for them.</summary>
    public long ReservedTotal { get; private set; }

    /// <summary>Slots that count, of functions for which nothing is set aside.</summary>
    public int UnreservedInUse { get; private set; }

    public bool TryGetFamily(FunctionName name, [NotNullWhen(true)] out FunctionFamily? family) =>
        byName.TryGetValue(name.Value, out family);

    public void Add(FunctionFamily family) => byName.Add(family.Name.Value, family);

    /// <summary>Makes <paramref name="current"/> the one that takes new leases; its reservation replaces the one before.</summary>
    public void SetCurrent(FunctionFamily family, FunctionVersion? current)
    {
        Count(family, -1);
        family.Current = current;
        Count(family, +1);
    }

    public void Charge(FunctionFamily family, int change)
    {
        family.InUse += change;
        Invariant.Check(family.InUse >= 0, "a function's use is never negative");
        if (family.Reserved == 0)
        {
            UnreservedInUse += change;
            Invariant.Check(UnreservedInUse >= 0, "the pool's use is never negative");
        }
    }

    private void Count(FunctionFamily family, int sign)
    {
        ReservedTotal += sign * (long)family.Reserved;
        UnreservedInUse += family.Reserved == 0 ? sign * family.InUse : 0;
    }
}
