using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Faults;

/// <summary>Makes planned faults happen, and notes each as it did: with the node that a role named at that moment.</summary>
internal sealed class FaultInjection(World world, Atlas atlas)
{
    private readonly List<(Fault Fault, Action End)> _lasting = [];
    private readonly List<Fault> _fired = [];
    private readonly LinkFaults _links = new(world);
    private readonly DrawStream _rot = world.Draws.Stream("bit rot");
    private readonly Dictionary<int, Disks.SimulatedDisk> _images = [];
    private bool _isOver;

    /// <summary>What has happened, in order.</summary>
    public IReadOnlyList<Fault> Fired => _fired;

    public void Plan(IReadOnlyList<Fault> faults)
    {
        foreach (var fault in faults)
        {
            world.Agenda.At(fault.At, () => Fire(fault));
        }

        if (faults.Any(fault => fault.Kind == FaultKind.StaleImage))
        {
            TakeImages();
        }
    }

    /// <summary>Everything is mended, and nothing more goes wrong.</summary>
    public void Heal()
    {
        _isOver = true;
        foreach (var (_, end) in _lasting.ToArray())
        {
            end();
        }

        _lasting.Clear();
        foreach (var node in world.Nodes)
        {
            node.Faults.Forget();
            node.Start();
        }
    }

    private void Fire(Fault planned)
    {
        if (_isOver)
        {
            return;
        }

        var target = planned.Target == Fault.Leader ? world.Leader?.Index ?? 0 : planned.Target;
        var fault = planned with { Target = target };
        if (fault.Kind >= FaultKind.WorkerRestart ? !FireAtWorker(fault) : !FireAtNode(fault))
        {
            world.Coverage.Hit($"fault not allowed: {fault.Kind}");
            return;
        }

        _fired.Add(fault);
        world.Coverage.Hit($"fault: {fault.Kind}");
        world.Note(Happening.Fault, target, (ulong)fault.Kind);
        world.Tell(() => $"FAULT {fault}");
    }

    private bool FireAtNode(Fault fault)
    {
        var node = world.Nodes[fault.Target];
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                node.End("killed");
                return true;
            case FaultKind.KillAtStorageCall:
                node.Faults.KillIn(fault.Amount);
                return true;
            case FaultKind.DiskError:
                node.Faults.FailIn(fault.Amount);
                return true;
            case FaultKind.PowerCut:
                return PowerCutIn(node, fault.Amount);
            case FaultKind.PowerCutOfAll:
                var cut = world.Nodes.Where(PowerCut).Count();
                return cut > 0;
            case FaultKind.RestartStorm:
                Repeat(fault.Amount, fault.Duration / fault.Amount, _ => node.End("killed", restartAfter: 10 * Durations.Millisecond));
                return true;
            case FaultKind.RollingRestart:
                Repeat(world.Nodes.Count, fault.Duration / world.Nodes.Count, i => world.Nodes[i].End("restarted", restartAfter: 300 * Durations.Millisecond));
                return true;
            case FaultKind.Freeze:
                node.Freeze(world.Agenda.Now + fault.Duration);
                return true;
            case FaultKind.HandOver:
                node.Post(process => process.BeginHandOver(null));
                return true;
            case FaultKind.Wipe:
                return Wipe(node);
            case FaultKind.BitRot:
                return Rot(node, fault.Amount);
            case FaultKind.StaleImage:
                return GoBack(node);
            case FaultKind.LostFlush:
                node.Faults.Lies++;
                Last(fault, () => node.Faults.Lies--);
                return true;
            case FaultKind.DiskFull:
                node.Faults.Full++;
                Last(fault, () => node.Faults.Full--);
                return true;
            case FaultKind.DiskStall:
                node.Faults.Stall += fault.Amount * Durations.Microsecond;
                Last(fault, () => node.Faults.Stall -= fault.Amount * Durations.Microsecond);
                return true;
            case FaultKind.ClockRate:
                node.Clock.Run((int)fault.Amount);
                Last(fault, () => node.Clock.Run(1_000));
                return true;
            case FaultKind.ClockJump:
                node.Clock.Jump(fault.Amount * Durations.Millisecond);
                return true;
            case FaultKind.LostCalls:
                world.Calls.LossPermille[fault.Target] += (int)fault.Amount;
                Last(fault, () => world.Calls.LossPermille[fault.Target] -= (int)fault.Amount);
                return true;
            default:
                return _links.Begin(fault, Last);
        }
    }

    private bool FireAtWorker(Fault fault)
    {
        if (fault.Target >= world.Workers.Count)
        {
            return false;
        }

        var worker = world.Workers[fault.Target];
        switch (fault.Kind)
        {
            case FaultKind.WorkerRestart:
                worker.Restart(keepsSandboxes: fault.Amount == 0);
                return true;
            case FaultKind.WorkerFreeze:
                worker.Freeze(world.Agenda.Now + fault.Duration);
                return true;
            case FaultKind.WorkerCut:
                worker.Cut(world.Agenda.Now + fault.Duration);
                return true;
            default:
                if (worker.Sandboxes.Count == 0)
                {
                    return false;
                }

                worker.Kill(worker.Sandboxes.ElementAt((int)fault.Amount % worker.Sandboxes.Count), "exited with code 1");
                return true;
        }
    }

    private bool PowerCut(SimulatedNode node)
    {
        if (node.Process is null || !atlas.AllowsPowerCutAt(node.Index))
        {
            return false;
        }

        node.End("power cut", isPowerCut: true);
        return true;
    }

    // In the middle of a batch, where there is something that was written and not synced.
    private bool PowerCutIn(SimulatedNode node, long calls)
    {
        if (node.Process is null || !atlas.AllowsPowerCutAt(node.Index))
        {
            return false;
        }

        node.Disk.IsSuspect = true;
        node.Faults.PowerFailsIn(calls);
        return true;
    }

    private bool Rot(SimulatedNode node, long bits)
    {
        var disk = node.Disk;
        var first = disk.NewestSnapshot?.Applied.Tail ?? disk.Head;
        if (node.Process is null || disk.Durable < first || !atlas.AllowsLossAt(node.Index))
        {
            return false;
        }

        node.End("stopped, and its disk decays");
        for (var i = 0L; i < bits; i++)
        {
            disk.Rot(first.Plus(_rot.Next() % (disk.Durable.Value - first.Value + 1)), _rot);
        }

        return true;
    }

    private bool Wipe(SimulatedNode node)
    {
        if (node.Process is null || !atlas.AllowsLossAt(node.Index) || world.Ledger.Last.Value == 0)
        {
            return false;
        }

        var old = node.Replica;
        node.End("its disk is lost");
        node.Wipe();
        atlas.Replacing(node.Index);
        new Replacement(world, atlas, node, old).Begin();
        return true;
    }

    private bool GoBack(SimulatedNode node)
    {
        if (node.Process is null || !_images.TryGetValue(node.Index, out var image))
        {
            return false;
        }

        node.End("its disk is an old one");
        node.Disk = image.Copy();
        return true;
    }

    private void TakeImages()
    {
        foreach (var node in world.Nodes)
        {
            _images[node.Index] = node.Disk.Copy();
        }

        world.Agenda.In(15 * Durations.Second, TakeImages);
    }

    private void Repeat(long times, long gap, Action<int> action)
    {
        for (var i = 0; i < times; i++)
        {
            var number = i;
            world.Agenda.In(i * gap, () =>
            {
                if (!_isOver)
                {
                    action(number);
                }
            });
        }
    }

    private void Last(Fault fault, Action end)
    {
        var lasting = (fault, end);
        _lasting.Add(lasting);
        world.Agenda.In(fault.Duration, () =>
        {
            if (_lasting.Remove(lasting))
            {
                world.Note(Happening.FaultOver, fault.Target, (ulong)fault.Kind);
                end();
            }
        });
    }
}
