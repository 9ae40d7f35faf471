using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>What can remove a candidate.</summary>
internal enum Filter
{
    None,
    Taken,
    Lost,
    Draining,
    Cordoned,
    Disconnected,
    Selector,
    Slots,
    Memory,
}

/// <summary>Filters by the names that callers see.</summary>
internal static class FilterNames
{
    public static string? Of(Filter filter) => filter switch
    {
        Filter.None => null,
        Filter.Taken => "taken",
        Filter.Lost => "lost",
        Filter.Draining => "draining",
        Filter.Cordoned => "cordoned",
        Filter.Disconnected => "disconnected",
        Filter.Selector => "selector",
        Filter.Slots => "slots",
        Filter.Memory => "memory",
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };
}

/// <summary>May anything new go to a worker?</summary>
internal static class WorkerFilters
{
    public static Filter Of(Worker worker, Selector? selector, bool assumeConnected) => worker.Standing switch
    {
        WorkerStanding.Lost => Filter.Lost,
        WorkerStanding.Draining => Filter.Draining,
        WorkerStanding.Cordoned => Filter.Cordoned,
        _ when !worker.IsConnected && !assumeConnected => Filter.Disconnected,
        _ when selector is not null && !Matches(worker, selector) => Filter.Selector,
        _ => Filter.None,
    };

    private static bool Matches(Worker worker, Selector selector)
    {
        for (var i = 0; i < selector.Labels.Count; i++)
        {
            if (!HasLabel(worker, selector.Labels[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasLabel(Worker worker, KeyValuePair<string, string> wanted)
    {
        for (var i = 0; i < worker.Labels.Count; i++)
        {
            if (worker.Labels[i].Key == wanted.Key)
            {
                return worker.Labels[i].Value == wanted.Value;
            }
        }

        return false;
    }
}
