using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Simulation.Disks;
using ControlPlane.Simulation.Serving;

namespace ControlPlane.Simulation.Checks;

/// <summary>At the end: every replica's bytes are the committed ones, and a fresh replay of them, the live states, and each snapshot with the entries behind it are one.</summary>
internal static class ReplayEquivalence
{
    public static void Check(World world, Func<IStateMachine> newState)
    {
        SameBytes(world);
        var state = newState();
        var journal = new JournalState();
        Replay(world, journal, state);
        foreach (var node in world.Nodes)
        {
            if (node.Process is { HasLed: false } process && process.JournalState.Applied == world.Ledger.Last)
            {
                Same(node.Name, process.User.State.Hash, state.Hash);
            }

            foreach (var snapshot in node.Disk.Snapshots)
            {
                var restored = newState();
                var part = SnapshotFile.Restore(snapshot, restored);
                Replay(world, part, restored);
                Same($"the snapshot of {node.Name} at {snapshot.Applied.Last} and what follows", restored.Hash, state.Hash);
            }
        }
    }

    private static void SameBytes(World world)
    {
        foreach (var node in world.Nodes)
        {
            foreach (var entry in node.Disk.Entries)
            {
                var position = entry.Header.Sequence;
                if (node.Process is { } process && position <= process.Node.Committed
                    && !entry.Bytes.AsSpan().SequenceEqual(world.Ledger.Entries[(int)position.Value - 1].Bytes))
                {
                    throw new ViolationException("SameBytes", $"{node.Name} has other bytes at {position} than were committed");
                }
            }
        }
    }

    private static void Replay(World world, JournalState journal, IStateMachine state)
    {
        while (journal.Applied < world.Ledger.Last)
        {
            var entry = world.Ledger.Entries[(int)journal.Applied.Value];
            var payload = entry.Bytes.AsSpan(EntryCodec.HeaderBytes);
            journal.Apply(entry.Header, payload);
            state.Apply(entry.Header, payload);
        }
    }

    private static void Same(string who, UInt128 hash, UInt128 expected)
    {
        if (hash != expected)
        {
            throw new ViolationException("ReplayEquivalence", $"{who} has another state than a fresh replay");
        }
    }
}
