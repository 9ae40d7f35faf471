using ControlPlane.Primitives;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Serving;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation;

/// <summary>
/// Runs production's cores in a world that is a function of a plan: the same plan gives the same run, event by event, on every machine. What it
/// demands of a run stands in the project's README.
/// </summary>
/// <remarks>No thread, task, clock or source of randomness of its own; runs may go on in parallel, each with its own simulator.</remarks>
public static class Simulator
{
    private const long PatienceAfterHealing = 90 * Durations.Second;
    private const long LookInterval = 250 * Durations.Millisecond;

    /// <summary>Runs a plan to its end, or to the first violation.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="timeline">Is given a line for each event, if somebody wants to read them.</param>
    public static SimulationResult Run(SimulationPlan plan, Action<string>? timeline = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var world = new World(plan.Seed, plan.Knobs, timeline);
        var atlas = new Atlas(world);
        var injection = new FaultInjection(world, atlas);
        SimulationViolation? violation = null;
        var verdict = SimulationVerdict.Passed;
        try
        {
            if (Play(world, plan, atlas, injection) is { } missing)
            {
                verdict = SimulationVerdict.NotLive;
                violation = new SimulationViolation("Convergence", $"{Durations.Show(PatienceAfterHealing)} after everything was mended, {missing}", world.Agenda.Now);
            }
        }
        catch (ViolationException broken)
        {
            verdict = SimulationVerdict.Unsafe;
            violation = new SimulationViolation(broken.Check, broken.Sentence, world.Agenda.Now);
        }

        catch (Exception broken) when (broken is InvariantViolationException or WorkerManager.StateDivergedException)
        {
            verdict = SimulationVerdict.Unsafe;
            violation = new SimulationViolation("BrokenInvariant", broken.Message, world.Agenda.Now);
        }

        if (verdict != SimulationVerdict.Passed && plan.Knobs.Mode == DamageMode.LossExpected)
        {
            world.Coverage.Hit("a lying disk did harm that was expected");
            (verdict, violation) = (SimulationVerdict.Passed, null);
        }

        if (violation is not null)
        {
            timeline?.Invoke($"{Durations.Show(violation.At)} VIOLATION {violation.Check}: {violation.Sentence}");
        }

        return new SimulationResult
        {
            Plan = plan,
            Verdict = verdict,
            Violation = violation,
            Faults = injection.Fired,
            Coverage = world.Coverage,
            Duration = world.Agenda.Now,
            Operations = world.Operations,
            Entries = (long)world.Ledger.Last.Value,
            Events = world.Agenda.Happened,
            Fingerprint = world.Guard.Hash,
        };
    }

    // Null if it converged, else what was missing.
    private static string? Play(World world, SimulationPlan plan, Atlas atlas, FaultInjection injection)
    {
        var knobs = plan.Knobs;
        var leases = new LeaseRecord(world);
        var claims = new JournalClaims(world);
        List<ISimulatedClient> clients = [];
        for (var i = 0; i < knobs.Clients; i++)
        {
            clients.Add(knobs.Workload == Workload.Journal ? new JournalClient(world, claims, i) : new LeaseClient(world, leases, i));
        }

        if (knobs.Workload == Workload.Leases)
        {
            clients.Add(new OperatorClient(world));
        }

        injection.Plan(plan.Faults ?? FaultPlanning.Plan(world.Draws, knobs));
        foreach (var node in world.Nodes)
        {
            node.Start();
        }

        foreach (var worker in world.Workers)
        {
            worker.Start();
        }

        clients.ForEach(client => client.Start());
        world.Agenda.RunUntil(knobs.Seconds * Durations.Second, () => false);
        var missing = Heal(world, atlas, injection, clients);
        if (missing is null || knobs.Mode == DamageMode.Unrecoverable)
        {
            world.Coverage.Hit(missing is null ? "a run converged" : "an unrecoverable plane refused to serve");
            missing = null;
        }

        CheckAll(world, claims, leases);
        return missing;
    }

    private static string? Heal(World world, Atlas atlas, FaultInjection injection, List<ISimulatedClient> clients)
    {
        world.Note(Happening.Phase, 0, 2);
        world.Tell(() => "everything is mended");
        injection.Heal();
        clients.ForEach(client => client.Stop());
        var probe = new Probe(world);
        probe.Start();
        var convergence = new Convergence(world, atlas, clients, probe);
        var end = world.Agenda.Now + PatienceAfterHealing;
        var missing = convergence.Missing();
        while (missing is not null && world.Agenda.Now < end)
        {
            world.Agenda.RunUntil(world.Agenda.Now + LookInterval, () => false);
            missing = convergence.Missing();
        }

        return missing;
    }

    private static void CheckAll(World world, JournalClaims claims, LeaseRecord leases)
    {
        if (world.Knobs.Workload == Workload.Journal)
        {
            claims.CheckAll();
            ReplayEquivalence.Check(world, () => new RunningHash());
            return;
        }

        var committed = new CommittedLeases(leases.History);
        for (var i = 0; i < world.Ledger.Entries.Count; i++)
        {
            var entry = world.Ledger.Entries[i];
            committed.Read(entry.Header, entry.Bytes.AsSpan(Primitives.Entries.EntryCodec.HeaderBytes), world.Ledger.Times[i]);
        }

        leases.CheckAll();
        var options = PartitionUser.OptionsOf(world.Knobs);
        ReplayEquivalence.Check(world, () => new PartitionReplay(options));
    }
}
