using ControlPlane.Primitives;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Disks;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Nodes;

/// <summary>
/// A machine with a disk and clocks, and the process that runs on it, or does not. One input after the other, in batches with one flush: what
/// arrives while the process is busy with its disk, or stands still, waits in its mailbox.
/// </summary>
internal sealed class SimulatedNode
{
    // What a processor needs for an input; what arrives meanwhile shares the next batch.
    private const long InputTime = 5 * Durations.Microsecond;
    private const long RestartMin = 200 * Durations.Millisecond;
    private const long RestartMax = 1_500 * Durations.Millisecond;

    private readonly World _world;
    private readonly Queue<Action<NodeProcess>> _mailbox = [];
    private readonly DrawStream _restarts;
    private readonly DrawStream _luck;
    private int _generation;
    private long _busyUntil;
    private long _frozenUntil;
    private bool _wakes;
    private bool _runs;

    public SimulatedNode(World world, int index, JournalId journal)
    {
        _world = world;
        Index = index;
        _restarts = world.Draws.Stream("restart", index);
        _luck = world.Draws.Stream("crash luck", index);
        Clock = new NodeClock(world.Agenda, world.Draws.Stream("clock", index).Between(0, 100 * Durations.Second));
        Disk = new SimulatedDisk(journal);
        Faults = new DiskFaults(world.Coverage);
        Replica = IdOf(index, 0);
    }

    public int Index { get; }

    public string Name => $"node-{Index}";

    public NodeClock Clock { get; }

    public SimulatedDisk Disk { get; set; }

    public DiskFaults Faults { get; }

    /// <summary>Changes with a wipe.</summary>
    public ReplicaId Replica { get; private set; }

    /// <summary>Null while it is down.</summary>
    public NodeProcess? Process { get; private set; }

    /// <summary>How many processes there have been.</summary>
    public int Incarnation { get; private set; }

    /// <summary>Nanoseconds that the present batch has taken so far.</summary>
    public long Elapsed { get; private set; }

    /// <summary>The time within the present batch.</summary>
    public long Now => _world.Agenda.Now + Elapsed;

    /// <summary>The replicas whose identity this machine had before: they are nobody any more.</summary>
    public List<ReplicaId> Lost { get; } = [];

    public static ReplicaId IdOf(int index, int generation) => new(((UInt128)(uint)generation << 16) + (UInt128)(uint)(index + 1));

    public static int IndexOf(ReplicaId replica) => (int)((ulong)replica.Value & 0xFFFF) - 1;

    /// <summary>Starts a process with what recovery finds on the disk.</summary>
    public void Start()
    {
        if (Process is not null)
        {
            return;
        }

        Incarnation++;
        Faults.Forget();
        var end = DiskRecovery.Run(Disk, _world.Coverage);
        _world.Note(Happening.Started, Index, end.Last.Value);
        _world.Tell(() => $"{Name} starts as {Replica}, holding {Disk.Head} to {end.Last}, promised {Disk.Promise}");
        (_busyUntil, _frozenUntil) = (0, 0);
        Process = new NodeProcess(_world, this, end);
        Post(process => process.Begin());
        _world.Network.Up(Index);
    }

    /// <summary>Gives the process something to do; lost if there is none.</summary>
    public void Post(Action<NodeProcess> input)
    {
        if (Process is not null)
        {
            _mailbox.Enqueue(input);
            Wake();
        }
    }

    /// <summary>The present storage call takes so long.</summary>
    public void Spend(long nanoseconds) => Elapsed += nanoseconds + Faults.Stall;

    /// <summary>The process stands still until then.</summary>
    public void Freeze(long until) => _frozenUntil = Math.Max(_frozenUntil, until);

    /// <summary>The process ends; a supervisor starts another after a while.</summary>
    /// <param name="why">For the timeline.</param>
    /// <param name="isPowerCut">What was not synced is torn, not only cut short.</param>
    /// <param name="restartAfter">Null: as the supervisor finds.</param>
    public void End(string why, bool isPowerCut = false, long? restartAfter = null)
    {
        if (Process is not { } process)
        {
            return;
        }

        _world.Note(Happening.Ended, Index, isPowerCut ? 1UL : 0UL);
        _world.Tell(() => $"{Name} ends: {why}");
        Process = null;
        _mailbox.Clear();
        process.Gone();
        if (isPowerCut)
        {
            Disk.TearTail(_luck);
        }
        else
        {
            Disk.LoseTail(_luck);
        }

        _world.Network.Down(Index);
        _world.Agenda.In(restartAfter ?? _restarts.Between(RestartMin, RestartMax), Start);
    }

    /// <summary>A new disk, under a new identity: nobody must take it for the old one.</summary>
    public void Wipe()
    {
        Lost.Add(Replica);
        Replica = IdOf(Index, ++_generation);
        Disk = new SimulatedDisk(Disk.Journal);
    }

    private void Wake()
    {
        var at = Math.Max(_busyUntil, _frozenUntil);
        if (_runs || _wakes)
        {
            return;
        }

        if (at <= _world.Agenda.Now)
        {
            Run();
            return;
        }

        _wakes = true;
        _world.Agenda.At(at, () =>
        {
            _wakes = false;
            if (Process is not null && _mailbox.Count > 0)
            {
                Wake();
            }
        });
    }

    private void Run()
    {
        _runs = true;
        Elapsed = 0;
        try
        {
            var process = Process!;
            for (var i = 0; i < _world.Knobs.BatchMax && _mailbox.TryDequeue(out var input); i++)
            {
                Elapsed += InputTime;
                input(process);
            }

            process.EndBatch();
        }
        catch (CrashException crash)
        {
            End(crash.Message, crash.IsPowerCut);
        }
        catch (Exception fault) when (fault is not ViolationException)
        {
            Refuse(fault);
        }
        finally
        {
            _runs = false;
        }

        _busyUntil = _world.Agenda.Now + Elapsed;
        Elapsed = 0;
        if (Process is not null && _mailbox.Count > 0)
        {
            Wake();
        }
    }

    private void Refuse(Exception fault)
    {
        if (_world.Knobs.Mode == DamageMode.Repairable)
        {
            throw new ViolationException("StoppedNode", $"{Name} stopped: {fault.GetType().Name}: {fault.Message}");
        }

        _world.Coverage.Hit("a node refused to go on");
        End(fault.Message);
    }
}
