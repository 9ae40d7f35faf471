using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation;

/// <summary>
/// What a seed's run is like. Swarm testing (Groce and others, ISSTA 2012): each seed leaves out about half of what can go wrong, because faults hide
/// one another: where nodes are killed all the time, nothing ever lags far behind.
/// </summary>
public static class KnobDrawing
{
    private static readonly FaultKind[] Lying = [FaultKind.LostFlush, FaultKind.StaleImage];

    /// <summary>The knobs of a seed.</summary>
    public static SimulationKnobs Of(ulong seed)
    {
        var draws = new Draws(seed).Stream("knobs");
        var workload = draws.Below(5) < 2 ? Workload.Journal : Workload.Leases;
        var mode = draws.Below(20) switch
        {
            0 => DamageMode.Unrecoverable,
            1 => DamageMode.LossExpected,
            _ => DamageMode.Repairable,
        };
        int[] sizes = [3, 3, 3, 4, 5];
        int[] heartbeats = [50, 100, 100, 200];
        var heartbeat = draws.Pick(heartbeats);
        return new SimulationKnobs
        {
            Workload = workload,
            Mode = mode,
            Nodes = draws.Pick(sizes),
            Clients = (int)draws.Between(3, 10),
            Workers = (int)draws.Between(2, 5),
            Functions = (int)draws.Between(1, 4),
            Tenants = (int)draws.Between(1, 3),
            Seconds = (int)draws.Between(60, 300),
            PauseMs = draws.Below(10) == 0 ? (int)draws.Between(1_000, 4_000) : (int)draws.Between(20, 200),
            HeartbeatMs = heartbeat,
            LeaseMs = heartbeat * (int)draws.Between(4, 10),
            StaggerMs = heartbeat * (int)draws.Between(1, 5),
            PatienceMs = heartbeat * (int)draws.Between(6, 20),
            WindowEntries = draws.Below(3) == 0 ? (int)draws.Between(1_024, 2_048) : 16_384,
            EntriesPerMessage = draws.Below(2) == 0 ? (int)draws.Between(1, 8) : 256,
            BatchMax = draws.Below(2) == 0 ? (int)draws.Between(1, 8) : 128,
            SnapshotInterval = draws.Below(5) == 0 ? 0 : (int)draws.Between(50, 1_500),
            KeepEntries = (int)draws.Between(20, 600),
            SnapshotPartBytes = 1 << (int)draws.Between(9, 16),
            LatencyUs = draws.Below(4) == 0 ? (int)draws.Between(1_000, 20_000) : (int)draws.Between(50, 1_000),
            FlushUs = draws.Below(4) == 0 ? (int)draws.Between(1_000, 8_000) : (int)draws.Between(50, 1_000),
            TtlMs = (int)draws.Between(500, 10_000),
            FaultsPerMinute = (int)draws.Between(4, 40),
            FaultKinds = Kinds(new Draws(seed).Stream("fault kinds"), workload, mode),
        };
    }

    private static List<FaultKind> Kinds(DrawStream draws, Workload workload, DamageMode mode)
    {
        var kinds = new List<FaultKind>();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            var isPossible = (!Lying.Contains(kind) || mode == DamageMode.LossExpected) && (kind < FaultKind.WorkerRestart || workload == Workload.Leases);
            if (draws.Below(2) == 0 && isPossible)
            {
                kinds.Add(kind);
            }
        }

        if (kinds.Count < 2)
        {
            kinds.AddRange([FaultKind.Kill, FaultKind.Isolate]);
        }

        return kinds;
    }
}
