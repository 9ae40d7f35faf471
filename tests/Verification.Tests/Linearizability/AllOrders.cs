using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Tests.Linearizability;

/// <summary>Decides small histories by the definition: tries every permutation of every choice of the operations that need not have happened.</summary>
internal static class AllOrders
{
    /// <param name="model">What the object should be; a history of one part only.</param>
    /// <param name="operations">A handful.</param>
    /// <param name="mustHappen">Which of them have taken effect; those that completed, if null.</param>
    public static bool AnyIsLegal<TState, TCall>(
        ISequentialModel<TState, TCall> model, IReadOnlyList<Operation<TCall>> operations, Func<Operation<TCall>, bool>? mustHappen = null)
        where TState : notnull
    {
        mustHappen ??= operation => operation.Completed is not null;
        var required = operations.Where(mustHappen).ToList();
        var optional = operations.Where(operation => !mustHappen(operation)).ToList();
        return Enumerable.Range(0, 1 << optional.Count)
            .Select(chosen => required.Concat(optional.Where((_, index) => (chosen & (1 << index)) != 0)).ToArray())
            .Any(happened => Permutations(happened, happened.Length).Any(order => KeepsRealTime(order) && Explains(model, order)));
    }

    private static bool KeepsRealTime<TCall>(Operation<TCall>[] order)
    {
        for (var later = 1; later < order.Length; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (order[later].Precedes(order[earlier]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Explains<TState, TCall>(ISequentialModel<TState, TCall> model, Operation<TCall>[] order)
        where TState : notnull
    {
        var state = model.Initial;
        return order.All(operation => model.TryStep(state, operation.Call, out state));
    }

    /// <summary>Heap's algorithm (1963), in place: look at each before asking for the next.</summary>
    private static IEnumerable<T[]> Permutations<T>(T[] items, int count)
    {
        if (count <= 1)
        {
            yield return items;
            yield break;
        }

        for (var at = 0; at < count; at++)
        {
            foreach (var order in Permutations(items, count - 1))
            {
                yield return order;
            }

            var swapped = count % 2 == 0 ? at : 0;
            (items[swapped], items[count - 1]) = (items[count - 1], items[swapped]);
        }
    }
}
