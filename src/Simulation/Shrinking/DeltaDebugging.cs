namespace ControlPlane.Simulation.Shrinking;

/// <summary>Zeller's ddmin (Zeller and Hildebrandt, TSE 2002): the smallest part of a list, by halves and their complements, that still fails.</summary>
internal static class DeltaDebugging
{
    /// <summary>A part of <paramref name="items"/> that fails and of which no single item can be left out, unless the time is over before.</summary>
    public static IReadOnlyList<T> Minimise<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> fails)
    {
        if (items.Count == 0 || fails([]))
        {
            return [];
        }

        var parts = 2;
        while (items.Count >= 2)
        {
            var size = (items.Count + parts - 1) / parts;
            IReadOnlyList<T>? smaller = null;
            for (var i = 0; i < items.Count && smaller is null; i += size)
            {
                var rest = items.Take(i).Concat(items.Skip(i + size)).ToList();
                smaller = rest.Count < items.Count && fails(rest) ? rest : null;
            }

            if (smaller is not null)
            {
                items = smaller;
                parts = Math.Max(2, parts - 1);
            }
            else if (size == 1)
            {
                return items;
            }
            else
            {
                parts = Math.Min(items.Count, parts * 2);
            }
        }

        return items;
    }
}
