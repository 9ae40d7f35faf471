using ControlPlane.Chaos.Processes;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Nodes;

/// <summary>The orders for a node's disk, on top of the storage project's own fault disks. Any thread.</summary>
internal sealed class FailingDisk
{
    private const int SectorsMax = 64;

    private readonly Lock _lock = new();
    private readonly PowerCutDisk? _volatile;
    private readonly FaultInjectingDisk _disk;
    private Func<DiskOperation, DiskFault?> _rule = _ => null;
    private bool _isFull;
    private int _operations;

    /// <param name="canLosePower">Writes stay volatile until they are synced, which costs a read for each.</param>
    public FailingDisk(bool canLosePower)
    {
        _volatile = canLosePower ? new PowerCutDisk(new PhysicalDisk()) : null;
        _disk = new FaultInjectingDisk(_volatile is null ? new PhysicalDisk() : _volatile) { Rule = Judge };
    }

    /// <summary>What the node works with.</summary>
    public IDisk Disk => _disk;

    /// <summary>The next writes and syncs fail with EIO.</summary>
    public void Fail(int operations) => Set(operation => IsWork(operation) && operations-- > 0 ? DiskFault.InputOutputError : null);

    /// <summary>Whatever needs room fails with ENOSPC, until there is room again.</summary>
    public void SetFull(bool isFull)
    {
        lock (_lock)
        {
            _isFull = isFull;
        }
    }

    /// <summary>The next sync takes so long.</summary>
    public void Stall(TimeSpan time) => Once(operation => operation.Kind == DiskOperationKind.SyncData, new DiskFault.Delay(() => Thread.Sleep(time)));

    /// <summary>Of the next write only some sectors arrive, and the node dies at its next operation.</summary>
    public void Tear(long seed)
    {
        var arrives = Enumerable.Range(0, SectorsMax).Select(sector => Draws.Below(2, seed, "sector", sector) == 1).ToArray();
        ThenDie(new DiskFault.TornWrite(sector => arrives[sector % SectorsMax]));
    }

    /// <summary>Syncs are confirmed and not done.</summary>
    public void Lie() => Set(operation => operation.Kind is DiskOperationKind.SyncData or DiskOperationKind.SyncDirectory ? new DiskFault.Lost() : null);

    /// <summary>What was not synced is lost, sector by sector as chance has it, and the node is dead.</summary>
    public void CutPower(long seed)
    {
        Set(_ => new DiskFault.Delay(() => Thread.Sleep(Timeout.Infinite)));

        // What is under way below the rule comes to its end.
        Thread.Sleep(50);
        var draws = 0;
        _volatile?.CutPower(() => Draws.Below(4, seed, "survives", draws++) == 0);
        Die("power cut");
    }

    /// <summary>The node dies at the next such moment.</summary>
    public void KillAt(KillPoint point)
    {
        switch (point)
        {
            case KillPoint.BeforeWrite:
                Once(operation => operation.Kind == DiskOperationKind.Write, new DiskFault.Delay(() => Die("before-write")));
                break;
            case KillPoint.MidWrite:
                ThenDie(new DiskFault.TornWrite(sector => sector == 0));
                break;
            case KillPoint.BeforeSync:
                Once(operation => operation.Kind == DiskOperationKind.SyncData, new DiskFault.Delay(() => Die("before-sync")));
                break;
            case KillPoint.AfterSync:
                Set(operation => operation.Kind == DiskOperationKind.SyncData ? new DiskFault.Delay(() => SyncAndDie(operation.Path)) : null);
                break;
            case KillPoint.BeforeRename:
                Once(operation => operation.Kind == DiskOperationKind.Rename, new DiskFault.Delay(() => Die("before-rename")));
                break;
        }
    }

    private static bool IsWork(DiskOperation operation) => operation.Kind is DiskOperationKind.Write or DiskOperationKind.SyncData;

    private static bool NeedsRoom(DiskOperation operation) =>
        operation.Kind is DiskOperationKind.Create or DiskOperationKind.Write or DiskOperationKind.ZeroFill or DiskOperationKind.CreateDirectory;

    private static void SyncAndDie(string path)
    {
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            RandomAccess.FlushToDisk(file);
        }

        Die("after-sync");
    }

    private static void Die(string where)
    {
        Console.Error.WriteLine($"chaos: killed at {where}");
        Signals.Send(Environment.ProcessId, Signals.Kill);
        Thread.Sleep(Timeout.Infinite);
    }

    private void Once(Func<DiskOperation, bool> matches, DiskFault fault) => Set(FaultInjectingDisk.Once(matches, 0, fault));

    private void ThenDie(DiskFault ofTheWrite)
    {
        var isTorn = false;
        Set(operation =>
        {
            if (isTorn)
            {
                return new DiskFault.Delay(() => Die("a torn write"));
            }

            isTorn = operation.Kind == DiskOperationKind.Write;
            return isTorn ? ofTheWrite : null;
        });
    }

    private void Set(Func<DiskOperation, DiskFault?> rule)
    {
        lock (_lock)
        {
            _rule = rule;
        }
    }

    private DiskFault? Judge(DiskOperation operation)
    {
        lock (_lock)
        {
            // The record of what was done is for tests, and would grow for ever.
            if (++_operations % 100_000 == 0)
            {
                ThreadPool.QueueUserWorkItem(_ => _disk.ForgetCompleted());
            }

            return _isFull && NeedsRoom(operation) ? DiskFault.NoSpace : _rule(operation);
        }
    }
}
