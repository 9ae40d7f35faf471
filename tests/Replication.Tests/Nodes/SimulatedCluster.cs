using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;

namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>A node was stopped between two of its effects.</summary>
internal sealed class CrashException : Exception;

/// <summary>A message on its way.</summary>
internal sealed record InFlight(ReplicaId From, ReplicaId To, PeerMessage Message);

/// <summary>What the register still owes somebody.</summary>
internal sealed record RegisterAnswer(SimulatedReplica Asker, int Incarnation, string What, Action<SimulatedReplica> Deliver);

/// <summary>
/// Replicas, the messages between them (in order on each link, otherwise in any order), a linearizable register, and one clock. Watches what
/// must hold in every history: what is committed never changes and is the same everywhere; each reign's positions have one payload; nobody
/// reigns without everything that was committed before; reigns only rise.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly Dictionary<(Epoch Epoch, SequenceNumber Position), ChainHash> _payloads = [];
    private readonly Dictionary<ReplicaId, int> _incarnations = [];
    private (ulong Version, JournalConfiguration Value)? _register;

    public SimulatedCluster(int replicas, int founders = int.MaxValue)
    {
        var ids = Enumerable.Range(1, replicas).Select(i => new ReplicaId((UInt128)i)).ToArray();
        Replicas = [.. ids.Select(id => new SimulatedReplica(id, this) { Founders = [.. ids.Take(founders)] })];
        foreach (var replica in Replicas)
        {
            Start(replica);
        }
    }

    public ReignTimings Timings { get; } = new();

    public ulong EntriesPerMessage { get; set; } = 3;

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(1_000);

    public IReadOnlyList<SimulatedReplica> Replicas { get; }

    public List<InFlight> Messages { get; } = [];

    public List<RegisterAnswer> Answers { get; } = [];

    /// <summary>Hashes of the committed entries, by position from 1.</summary>
    public List<ChainHash> Committed { get; } = [];

    /// <summary>Links that carry nothing, by sender and receiver.</summary>
    public HashSet<(ReplicaId From, ReplicaId To)> Cut { get; } = [];

    /// <summary>Storage calls that the next steps survive; the one after crashes its node. Null: none does.</summary>
    public int? StorageCallsLeft { get; set; }

    public Epoch HighestEpoch => _register?.Value.Current?.Epoch ?? default;

    public JournalConfiguration? Configuration => _register?.Value;

    public SimulatedReplica this[ReplicaId id] => Replicas.Single(replica => replica.Id == id);

    public SimulatedReplica? Writer => Replicas.Where(r => r.Node?.Sequencer is not null).MaxBy(r => r.Node!.Reign!.Value.Epoch);

    public void Start(SimulatedReplica replica)
    {
        _incarnations[replica.Id] = _incarnations.GetValueOrDefault(replica.Id) + 1;
        replica.Start();
    }

    /// <summary>Runs something on a node; if a storage call crashes it, it is down, with what it had flushed.</summary>
    public void Run(SimulatedReplica replica, Action<JournalNode> action, int luck = 0)
    {
        if (replica.Node is not { } node)
        {
            return;
        }

        try
        {
            action(node);
            replica.EndBatch();
        }
        catch (CrashException)
        {
            replica.Crash(luck);
            StorageCallsLeft = null;
        }
    }

    public void BeforeStorage(SimulatedReplica replica)
    {
        _ = replica;
        if (StorageCallsLeft is { } left)
        {
            if (left == 0)
            {
                throw new CrashException();
            }

            StorageCallsLeft = left - 1;
        }
    }

    public void Send(ReplicaId from, ReplicaId to, PeerMessage message)
    {
        if (!Cut.Contains((from, to)))
        {
            Messages.Add(new InFlight(from, to, message));
        }
    }

    /// <summary>Delivers a message; it may be the first of its link only, unless it is a repetition.</summary>
    public void Deliver(InFlight message, bool keep = false)
    {
        if (!keep)
        {
            Messages.Remove(message);
        }

        var receiver = this[message.To];
        Run(receiver, _ => receiver.Receive(message.From, message.Message));
    }

    /// <summary>The messages that may come next: the first of each link.</summary>
    public IEnumerable<InFlight> Next() => Messages.DistinctBy(message => (message.From, message.To));

    public void ReadRegister(SimulatedReplica asker) => Answers.Add(new RegisterAnswer(asker, _incarnations[asker.Id], "read", replica =>
        replica.Node!.RegisterRead(_register?.Version ?? 0, _register?.Value, replica.Now)));

    public void CompareAndSet(SimulatedReplica asker, ulong expectedVersion, JournalConfiguration value)
    {
        // Takes effect at once, or never: when the answer comes is another matter.
        var taken = (_register?.Version ?? 0) == expectedVersion;
        if (taken)
        {
            Assert.True(value.Current!.Epoch > HighestEpoch, "reigns only rise");
            var closed = value.Epochs.Count > 1 ? value.Epochs[^2] : null;
            Assert.True(closed is null || closed.End!.Value.Value >= (ulong)Committed.Count, "a reign is not closed before what was committed in it");
            var end = (int)value.Current.Start.Previous.Value;
            Assert.True(asker.WholeAppendsIn(end) == end, "a reign ends with a whole append: half of one is never committed");
            _register = (expectedVersion + 1, value);
        }

        Answers.Add(new RegisterAnswer(asker, _incarnations[asker.Id], $"taken {taken}", replica => replica.Node!.RegisterWritten(taken, replica.Now)));
    }

    public void Answer(RegisterAnswer answer, bool unknown = false)
    {
        Answers.Remove(answer);
        if (answer.Incarnation != _incarnations[answer.Asker.Id])
        {
            return;
        }

        answer.Asker.Note($"register {answer.What} {unknown} {Configuration?.Current?.Writer}", HighestEpoch.Value);
        Run(answer.Asker, node =>
        {
            if (unknown)
            {
                node.RegisterWritten(null, answer.Asker.Now);
            }
            else
            {
                answer.Deliver(answer.Asker);
            }
        });
    }

    public void Written(in EntryHeader header, ChainHash hash)
    {
        var key = (header.Epoch, header.Sequence);
        if (_payloads.TryGetValue(key, out var known))
        {
            Assert.True(known == hash, $"one payload for each position and epoch, not two at {header.Sequence} of {header.Epoch}");
        }

        _payloads[key] = hash;
    }

    public void HasCommitted(SimulatedReplica replica, SequenceNumber position)
    {
        for (var i = 1; i <= (int)position.Value; i++)
        {
            var hash = replica.EndOf(i).LastHash;
            if (i <= Committed.Count)
            {
                Assert.True(Committed[i - 1] == hash, $"replica {replica.Id} commits another entry {i} than was committed before");
            }
            else
            {
                Committed.Add(hash);
            }
        }
    }

    public void HasWon(SimulatedReplica replica, EpochRecord epoch)
    {
        Assert.True(epoch.Start.Value > (ulong)Committed.Count, "a reign begins behind everything that was committed");
        for (var i = 1; i <= Committed.Count; i++)
        {
            Assert.True(Committed[i - 1] == replica.EndOf(i).LastHash, "a writer holds everything that was committed");
        }
    }

    /// <summary>Carries everything without faults until nothing is on its way.</summary>
    public void Settle(int stepsMax = 10_000)
    {
        for (var i = 0; i < stepsMax && (Messages.Count > 0 || Answers.Count > 0); i++)
        {
            if (Answers.Count > 0)
            {
                Answer(Answers[0]);
            }
            else
            {
                Deliver(Messages[0]);
            }
        }

        Assert.True(Messages.Count == 0 && Answers.Count == 0, $"it settles; on its way: {string.Join("; ", Messages.Take(6))}, {Answers.Count} answers of the register");
    }

    /// <summary>Time passes in heartbeats, and everything that it brings about.</summary>
    public void Pass(TimeSpan time)
    {
        for (var end = Now + time; Now < end; Now += Timings.Heartbeat)
        {
            foreach (var replica in Replicas)
            {
                replica.Note("tick", (ulong)Now.Ticks);
                Run(replica, node => node.Tick(replica.Now));
            }

            Settle();
        }
    }

    /// <summary>Passes time until somebody reigns.</summary>
    public SimulatedReplica AwaitWriter()
    {
        for (var i = 0; i < 100 && Writer is null; i++)
        {
            Pass(Timings.Heartbeat);
        }

        Assert.NotNull(Writer);
        Pass(Timings.Heartbeat);
        return Writer!;
    }

    /// <summary>Passes time until another reigns; <paramref name="old"/> may sleep through it.</summary>
    public SimulatedReplica AwaitWriterOtherThan(SimulatedReplica old, bool ticking = true)
    {
        for (var i = 0; i < 100; i++)
        {
            Now += Timings.Heartbeat;
            foreach (var replica in Replicas.Where(replica => ticking || replica != old))
            {
                Run(replica, node => node.Tick(replica.Now));
            }

            Settle();
            if (Replicas.FirstOrDefault(r => r != old && r.Node?.Sequencer is not null) is { } writer)
            {
                return writer;
            }
        }

        Assert.Fail("nobody else came to reign");
        return null;
    }
}
