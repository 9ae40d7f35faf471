using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Replicas;
using ControlPlane.Simulation.Disks;
using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Checks;

/// <summary>
/// What everybody together has committed, seen from outside. What is in it never changes and is the same for all; a writer commits only what a
/// majority of the disks holds; nobody reigns without all of it; equal positions have equal states; reigns rise and have one writer.
/// </summary>
internal sealed class CommittedLedger(World world)
{
    private readonly List<StoredEntry> _entries = [];
    private readonly Dictionary<(Epoch Epoch, SequenceNumber Position), ChainHash> _payloads = [];
    private readonly Dictionary<SequenceNumber, (UInt128 Hash, string Who)> _states = [];
    private readonly SortedDictionary<Epoch, EpochRecord> _reigns = [];
    private readonly List<IReadOnlyList<ReplicaId>> _sets = [];

    /// <summary>The committed entries, from position 1.</summary>
    public IReadOnlyList<StoredEntry> Entries => _entries;

    /// <summary>When each of them became committed.</summary>
    public List<long> Times { get; } = [];

    public SequenceNumber Last => new((ulong)_entries.Count);

    /// <summary>The reigns that were won, as they began.</summary>
    public IReadOnlyDictionary<Epoch, EpochRecord> Reigns => _reigns;

    /// <summary>A set of replicas was proposed to the register.</summary>
    public void Proposed(IReadOnlyList<ReplicaId> replicas)
    {
        if (!_sets.Any(replicas.SequenceEqual))
        {
            _sets.Add(replicas);
        }
    }

    /// <summary>A replica takes an entry.</summary>
    public void Written(SimulatedNode node, in EntryHeader header, ChainHash hash)
    {
        var key = (header.Epoch, header.Sequence);
        if (!_payloads.TryAdd(key, hash) && _payloads[key] != hash)
        {
            throw Broken("OnePayload", $"{node.Name} holds another entry {header.Sequence} of epoch {header.Epoch} than was written before");
        }
    }

    /// <summary>A process knows that everything up to a position is committed.</summary>
    public void Committed(NodeProcess process, SequenceNumber position)
    {
        var (node, disk) = (process.Host, process.Host.Disk);
        if (position > disk.Durable && !disk.Lies)
        {
            throw Broken("CommittedIsDurable", $"{node.Name} takes {position} for committed and holds only {disk.Durable} durably");
        }

        for (var next = process.LedgerSeen.Next; next <= position; next = next.Next)
        {
            ref readonly var entry = ref disk[next];
            if (next > Last)
            {
                _entries.Add(entry);
                Times.Add(world.Agenda.Now);
                Elect(process, entry);
            }
            else if (_entries[(int)next.Value - 1].Hash != entry.Hash)
            {
                throw Broken("OneHistory", $"{node.Name} commits another entry {next} than was committed before");
            }
        }

        process.LedgerSeen = position;
    }

    /// <summary>A node has won a reign.</summary>
    public void Won(SimulatedNode node, EpochRecord reign)
    {
        if (_reigns.TryGetValue(reign.Epoch, out var same))
        {
            throw Broken("OneWriter", $"{node.Name} wins epoch {reign.Epoch}, which node {SimulatedNode.IndexOf(same.Writer)} has won before");
        }

        _reigns.Add(reign.Epoch, reign);
        // Who hears late that it has won may have been followed by others already: what they committed is none of its reign's concern.
        var before = _entries.FindLastIndex(entry => entry.Header.Epoch < reign.Epoch) + 1;
        if (reign.Start.Value <= (ulong)before)
        {
            throw Broken("NothingForgotten", $"{node.Name} wins epoch {reign.Epoch} from {reign.Start} on, but everything up to {before} was committed in earlier ones");
        }

        var disk = node.Disk;
        for (var position = disk.Head; position.Value <= (ulong)before; position = position.Next)
        {
            if (disk[position].Hash != _entries[(int)position.Value - 1].Hash)
            {
                throw Broken("NothingForgotten", $"{node.Name} wins epoch {reign.Epoch} and holds another entry {position} than was committed");
            }
        }
    }

    /// <summary>A replica begins anew behind a snapshot.</summary>
    public void Installed(NodeProcess process, StoredSnapshot snapshot)
    {
        var position = snapshot.Applied.Last;
        if (position > Last || _entries[(int)position.Value - 1].Hash != snapshot.Applied.LastHash)
        {
            throw Broken("OneHistory", $"{process.Host.Name} begins anew behind {position}, which is not what was committed");
        }

        State(process, position, snapshot.StateHash);
    }

    /// <summary>A state that has applied everything up to a committed position.</summary>
    public void State(NodeProcess process, SequenceNumber position, UInt128 hash)
    {
        if (!_states.TryAdd(position, (hash, process.Host.Name)) && _states[position].Hash != hash)
        {
            throw Broken("OneState", $"{process.Host.Name} has another state behind {position} than {_states[position].Who} has");
        }
    }

    // The first who says that an entry is committed is the writer; then a majority of its replicas holds it, whatever runs on them.
    private void Elect(NodeProcess process, in StoredEntry entry)
    {
        if (world.Knobs.Mode == DamageMode.LossExpected)
        {
            return;
        }

        var held = 0;
        IReadOnlyList<ReplicaId> replicas = [];
        var isOpener = process.Node.Configuration is null;
        for (var i = _sets.Count - 1; i >= 0 && held < Quorum.MajorityOf(replicas.Count); i--)
        {
            // An opener commits what a majority of some earlier set holds; which of them is the last, only the register knows.
            replicas = isOpener ? _sets[i] : process.Node.Configuration!.Value.Value.Current!.Replicas;
            held = 0;
            foreach (var replica in replicas)
            {
                var node = world.Nodes[SimulatedNode.IndexOf(replica)];
                held += node.Replica != replica || !node.Disk.Promise.IsWhole || Holds(node.Disk, entry) ? 1 : 0;
            }
        }

        if (held < Quorum.MajorityOf(replicas.Count))
        {
            throw Broken("HeldByMajority", $"{process.Host.Name} takes {entry.Header.Sequence} for committed, but only {held} of {replicas.Count} disks hold it at {Durations.Show(world.Agenda.Now)}");
        }
    }

    private static bool Holds(SimulatedDisk disk, in StoredEntry entry)
    {
        var position = entry.Header.Sequence;
        return position <= disk.Durable && (position < disk.Head || disk[position].Hash == entry.Hash);
    }

    private static ViolationException Broken(string check, string sentence) => new(check, sentence);
}
