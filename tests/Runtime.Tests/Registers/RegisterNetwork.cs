using System.Collections.Concurrent;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Register;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>
/// Replicas with acceptors on disk, and a network between them and any number of proposers, all in memory: messages run on pool threads,
/// so they overtake one another, and <see cref="LossPercent"/> of them are lost.
/// </summary>
internal sealed class RegisterNetwork : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<ReplicaId, AcceptorHost> _running = new();
    private readonly ConcurrentDictionary<ReplicaId, FaultInjectingDisk> _disks = new();
    private readonly ConcurrentDictionary<ReplicaId, bool> _died = new();
    private readonly ConcurrentBag<QuorumConfigRegister> _proposers = [];
    private readonly SplitMix _random = new(4711);
    private readonly TimeProvider _time;
    private int _lossPercent;

    public RegisterNetwork(int replicas, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Replicas = [.. Enumerable.Range(1, replicas).Select(i => new ReplicaId((UInt128)i))];
        foreach (var replica in Replicas)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(replica))!);
            AcceptorStore.Create(PathOf(replica), new PhysicalDisk());
            Start(replica);
        }
    }

    public IReadOnlyList<ReplicaId> Replicas { get; }

    public int LossPercent
    {
        get => Volatile.Read(ref _lossPercent);
        set => Volatile.Write(ref _lossPercent, value);
    }

    public QuorumRegisterOptions Options { get; init; } = new()
    {
        RepeatAfter = TimeSpan.FromMilliseconds(60),
        RoundTimeout = TimeSpan.FromMilliseconds(600),
        CallTimeout = TimeSpan.FromSeconds(20),
        BackoffMin = TimeSpan.FromMilliseconds(8),
        BackoffMax = TimeSpan.FromMilliseconds(250),
    };

    public string PathOf(ReplicaId replica) => Path.Combine(_directory.Path, replica.ToString(), "acceptor");

    public AcceptorHost? Acceptor(ReplicaId replica) => _running.GetValueOrDefault(replica);

    public QuorumConfigRegister NewProposer(params ReplicaId[] knows)
    {
        var peers = new Peers(this, knows.Length > 0 ? knows : Replicas);
        var register = new QuorumConfigRegister(peers, Options, _time);
        peers.Register = register;
        _proposers.Add(register);
        return register;
    }

    /// <summary>Begins again with what is durable.</summary>
    public void Start(ReplicaId replica)
    {
        var disk = new FaultInjectingDisk(new PhysicalDisk());
        _running[replica] = new AcceptorHost(replica, AcceptorStore.Open(PathOf(replica), disk));
        _disks[replica] = disk;
        _died.TryRemove(replica, out _);
    }

    /// <summary>Ends the acceptor between two messages.</summary>
    public void Stop(ReplicaId replica)
    {
        if (_running.TryRemove(replica, out var host))
        {
            host.Dispose();
        }
    }

    /// <summary>From some change of the disk on, nothing reaches it: the acceptor is killed in the middle of its work.</summary>
    public void KillAtDiskOperation(ReplicaId replica, int operation) => _disks[replica].Rule = FaultInjectingDisk.StopBefore(operation);

    /// <summary>True once the acceptor has met the end that <see cref="KillAtDiskOperation"/> prepared.</summary>
    public bool HasDied(ReplicaId replica) => _died.ContainsKey(replica);

    public async ValueTask CloseProposersAsync()
    {
        while (_proposers.TryTake(out var proposer))
        {
            await proposer.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseProposersAsync();
        foreach (var replica in Replicas)
        {
            Stop(replica);
        }

        _directory.Dispose();
    }

    private void Deliver(ReplicaId to, QuorumConfigRegister from, PeerMessage message)
    {
        if (_random.Chance(LossPercent) || !_running.TryGetValue(to, out var host))
        {
            return;
        }

        PeerMessage reply;
        try
        {
            reply = host.Handle(default, message);
        }
        catch (StorageFaultException)
        {
            _died[to] = true;
            return;
        }
        catch (ObjectDisposedException)
        {
            return; // It was stopped meanwhile.
        }

        if (!_random.Chance(LossPercent))
        {
            from.Receive(to, reply);
        }
    }

    private sealed class Peers(RegisterNetwork network, IReadOnlyList<ReplicaId> knows) : IRegisterPeers
    {
        public QuorumConfigRegister? Register { get; set; }

        public ReplicaId Self => knows[0];

        public IReadOnlyList<ReplicaId> Known => knows;

        public bool TrySend(ReplicaId acceptor, PeerMessage message)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => network.Deliver(acceptor, Register!, message), null);
            return true;
        }
    }
}
