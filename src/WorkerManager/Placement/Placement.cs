using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Chooses a worker for a new sandbox: best of k drawn at random, by predicted peak. Comparing a few keeps the choice cheap
/// and keeps concurrent deciders from all choosing the same least-loaded worker. If none of those drawn can take it, all
/// are looked at, so that the last free slot is found.
/// </summary>
internal sealed class Placement(CoreOptions options)
{
    private const int DrawsPerChoice = 2;
    private readonly int choices = Math.Clamp(options.PlacementChoices, 2, 4);
    private readonly Draws draws = new();

    public void Seed(ulong seed) => draws.Seed(seed);

    /// <summary>Null if no worker can take it. <paramref name="request"/> is null for a refill.</summary>
    public Worker? Choose(Reign reign, AllocateRequest? request, FunctionVersion function, Tenant? tenant, Inspection? inspection)
    {
        var before = draws.Save();
        var chosen = default(Worker);
        var selectors = request?.Selectors.Count ?? 0;
        for (var i = 0; i < Math.Max(1, selectors) && chosen is null; i++)
        {
            chosen = Choose(new Search(reign, request, selectors == 0 ? null : request!.Selectors[i], function, tenant, inspection));
        }

        if (inspection is not null)
        {
            draws.Seed(before);
        }

        return chosen;
    }

    private Worker? Choose(in Search search)
    {
        var roster = search.Reign.State.WorkerTable.Roster;
        if (roster.Count == 0)
        {
            return null;
        }

        search.CountFilters(roster);
        var best = default(Worker);
        var bestScore = double.PositiveInfinity;
        var compared = 0;
        for (var i = 0; i < choices * DrawsPerChoice && compared < choices; i++)
        {
            compared += search.Compare(roster[draws.Next(roster.Count)], ref best, ref bestScore) ? 1 : 0;
        }

        var start = draws.Next(roster.Count);
        for (var i = 0; i < roster.Count && compared == 0; i++)
        {
            compared += search.Compare(roster[(start + i) % roster.Count], ref best, ref bestScore) ? 1 : 0;
        }

        return best;
    }

    private readonly record struct Search(
        Reign Reign,
        AllocateRequest? Request,
        Selector? Selector,
        FunctionVersion Function,
        Tenant? Tenant,
        Inspection? Inspection)
    {
        /// <summary>A dry run tells what every worker's answer would be.</summary>
        public void CountFilters(IReadOnlyList<Worker> roster)
        {
            for (var i = 0; i < roster.Count && Inspection is not null; i++)
            {
                Inspection.Workers.Count(FilterOf(roster[i]));
            }
        }

        /// <summary>True if the worker can take the sandbox; it then competes.</summary>
        public bool Compare(Worker worker, ref Worker? best, ref double bestScore)
        {
            if (FilterOf(worker) != Filter.None)
            {
                return false;
            }

            var score = PlacementScore.Of(Reign.State, worker, Request, Function, Tenant, Reign.Plan.TakenOn(worker));
            if (Inspection is not null && !Inspection.Candidates.Exists(each => each.Worker == worker.Name))
            {
                Inspection.Candidates.Add(score.Report(worker));
            }

            if (score.Total < bestScore)
            {
                best = worker;
                bestScore = score.Total;
            }

            return true;
        }

        private Filter FilterOf(Worker worker)
        {
            var filter = WorkerFilters.Of(worker, Selector, Inspection?.AssumeConnected ?? false);
            if (filter != Filter.None)
            {
                return filter;
            }

            var (slots, memory) = Reign.Plan.TakenOn(worker);
            return worker.SandboxCount + slots >= worker.CapacitySandboxes ? Filter.Slots
                : worker.MemoryCommittedMib + memory + Function.Definition.MemoryMib > worker.CapacityMemoryMib ? Filter.Memory
                : Filter.None;
        }
    }
}
